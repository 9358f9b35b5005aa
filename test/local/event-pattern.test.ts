import { matchesEvent } from '../../local/event-pattern';

const event = {
  source: 'aws.s3',
  resources: ['arn:a', 'arn:b'],
  detail: { object: { key: 'team-a/app/1.tar', size: 3 } },
};

test.each([
  ['a value that is listed', { source: ['aws.ec2', 'aws.s3'] }, true],
  ['a value that is not listed', { source: ['aws.ec2'] }, false],
  ['fields that are all right', { source: ['aws.s3'], detail: { object: { size: [3] } } }, true],
  ['fields of which one is wrong', { source: ['aws.s3'], detail: { object: { size: [4] } } }, false],
  ['a number written as text', { detail: { object: { size: ['3'] } } }, false],
  ['any one value of a list in the event', { resources: ['arn:b'] }, true],
  ['prefix', { detail: { object: { key: [{ prefix: 'team-a/' }] } } }, true],
  ['prefix of another', { detail: { object: { key: [{ prefix: 'team-b/' }] } } }, false],
  ['suffix', { detail: { object: { key: [{ suffix: '.tar' }] } } }, true],
  ['exists', { detail: { object: { key: [{ exists: true }] } } }, true],
  ['exists, of a field that does not', { detail: { object: { etag: [{ exists: true }] } } }, false],
  ['exists: false, below a field that does not', { detail: { bucket: { name: [{ exists: false }] } } }, true],
  ['anything-but', { source: [{ 'anything-but': 'aws.s3' }] }, false],
  ['anything-but of others', { source: [{ 'anything-but': ['aws.ec2', 'aws.ecr'] }] }, true],
  ['a field the event does not have', { account: ['1'] }, false],
])('%s', (_, pattern, expected) => {
  expect(matchesEvent(pattern, event)).toBe(expected);
});

test('an operator it does not have, or a bare value, is an error and no mismatch', () => {
  expect(() => matchesEvent({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow('no pattern operator cidr');
  expect(() => matchesEvent({ source: 'aws.s3' }, event)).toThrow('objects and arrays');
});
