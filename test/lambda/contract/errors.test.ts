import * as errors from '../../../lambda/contract/errors';
import { DigestMismatch, SlipwayError } from '../../../lambda/contract/errors';
import { splitMessage } from '../../../lambda/contract/finding';

const finding = {
  found: 'the bytes are others',
  entry: 'blobs/sha256/ab',
  offset: 1536,
  expected: 'sha256:cd',
  remedy: 'Save the image again.',
};

type ErrorClass = new (given: typeof finding, options?: ErrorOptions) => SlipwayError;

const classes = Object.entries<unknown>(errors).filter((named): named is [string, ErrorClass] =>
  isErrorClass(named[1]),
);

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && value.prototype instanceof SlipwayError;
}

test('every error is called as its class is, for the workflow matches it by name', () => {
  const lists = [errors.TARBALL_ERRORS, errors.REQUEST_ERRORS, errors.TRANSIENT_ERRORS, errors.UPLOAD_ERRORS].flat();
  expect(classes.map(([name]) => name).sort()).toEqual([...lists, 'Internal'].sort());
  for (const [name, type] of classes) expect(new type(finding).name).toBe(name);
});

test('a message says what was found, in which entry at which offset, what was expected, and the remedy', () => {
  expect(new DigestMismatch(finding).message).toBe(
    'the bytes are others in entry "blobs/sha256/ab" at offset 1536; expected sha256:cd. Remedy: Save the image again.',
  );
});

test('a message leaves out what is not known', () => {
  const { found, remedy } = finding;
  expect(new DigestMismatch({ found, remedy }).message).toBe('the bytes are others. Remedy: Save the image again.');
});

test.each(classes)('the message of %s splits into the finding and the remedy it was made from', (_, type) => {
  const { found, remedy } = splitMessage(new type(finding).message);
  expect(found).toBe('the bytes are others in entry "blobs/sha256/ab" at offset 1536; expected sha256:cd.');
  expect(remedy).toBe(finding.remedy);
});

test('a finding that quotes a remedy does not cut the message short', () => {
  const found = 'ECR said "x. Remedy: none"';
  expect(splitMessage(new DigestMismatch({ found, remedy: 'Try again.' }).message)).toEqual({
    found: `${found}.`,
    remedy: 'Try again.',
    evidence: {},
  });
});

test('foreign text has no remedy', () => {
  expect(splitMessage('Task timed out after 3.00 seconds')).toEqual({
    found: 'Task timed out after 3.00 seconds',
    evidence: {},
  });
});

test('evidence goes with the message, whatever is in it', () => {
  const evidence = { action: 'ecr:PutImage', words: '}\nRemedy: none.\nEvidence: {"' };
  const { message } = new DigestMismatch({ found: 'ECR said\nEvidence: {no', remedy: 'Try again.', evidence });
  expect(splitMessage(message)).toEqual({ found: 'ECR said\nEvidence: {no.', remedy: 'Try again.', evidence });
});

test('the cause is kept', () => {
  const cause = new RangeError('too far');
  expect(new DigestMismatch(finding, { cause }).cause).toBe(cause);
});

test('a message fits the cause of an execution, message and stack, whatever was found', () => {
  const long = 'x'.repeat(1_000_000);
  const { message, stack } = new DigestMismatch({ ...finding, found: long, entry: long, expected: long });
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskFailedEventDetails.html
  expect(JSON.stringify({ message, stack }).length).toBeLessThan(32_768);
  expect(splitMessage(message).remedy).toBe(finding.remedy);
});
