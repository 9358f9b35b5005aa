import { PermissionDenied } from '../../../lambda/contract/errors';
import { diagnose } from '../../../lambda/upload/diagnosis';

const failure = (name: string, cause: string) => ({
  step: 'UploadLayers',
  executionArn: 'arn:execution',
  execution: 'name',
  request: { source: { bucket: 'drop', key: 'app/1.tar' } },
  error: { Error: name, Cause: cause },
});
const thrown = (error: Error) =>
  failure(error.name, JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: [] }));

const denial = (why: string) =>
  new PermissionDenied({
    found: `ecr:UploadLayerPart on repository/app failed: AccessDeniedException: User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ecr:UploadLayerPart on resource: arn:aws:ecr:us-east-1:2:repository/app because no ${why} policy allows the ecr:UploadLayerPart action`,
    remedy: 'Allow it.',
  });

test('an error of a step keeps its name, and its message is parted into cause and remedy', () => {
  expect(diagnose(thrown(denial('identity-based')))).toMatchObject({
    code: 'PermissionDenied',
    step: 'UploadLayers',
    subject: 's3://drop/app/1.tar',
    cause: expect.stringContaining('not authorized to perform: ecr:UploadLayerPart'),
    remedy: 'Allow it.',
    retryable: false,
    executionArn: 'arn:execution',
  });
});

test('a denied action comes with the identity policy statement that allows it', () => {
  const { statement = '' } = diagnose(thrown(denial('identity-based'))).evidence;
  expect(JSON.parse(statement)).toEqual({
    Effect: 'Allow',
    Action: 'ecr:UploadLayerPart',
    Resource: 'arn:aws:ecr:us-east-1:2:repository/app',
  });
});

test('an action denied in another account comes with the repository policy statement that allows it', () => {
  const { statement = '' } = diagnose(thrown(denial('resource-based'))).evidence;
  expect(JSON.parse(statement)).toEqual({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:sts::1:assumed-role/r/s' },
    Action: 'ecr:UploadLayerPart',
  });
});

test.each([
  ['Sandbox.Timedout', 'TimedOut', true],
  ['Runtime.ExitError', 'OutOfMemory', false],
  ['TypeError', 'Internal', false],
])('%s of the platform becomes %s', (name, code, retryable) => {
  expect(diagnose(failure(name, '{"errorMessage":"x"}'))).toMatchObject({ code, retryable, evidence: { error: name } });
});

test('a cause in plain text is kept as it is', () => {
  expect(diagnose(failure('States.Runtime', 'plain text')).cause).toBe('plain text');
});
