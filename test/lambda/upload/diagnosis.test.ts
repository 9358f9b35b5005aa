import * as errors from '../../../lambda/contract/errors';
import type { Evidence } from '../../../lambda/contract/finding';
import { diagnose, isImagesOwn } from '../../../lambda/upload/diagnosis';
import { planRestart } from '../../../lambda/upload/restart';

const ACCOUNT = '111122223333';
const ARN = `arn:aws:states:eu-west-1:${ACCOUNT}:execution:ImagePush:name`;
const SOURCE = 's3://drop/app/1.tar';
const PRINCIPAL = `arn:aws:sts::${ACCOUNT}:assumed-role/push-role/push-function`;

const failure = (name: string, cause: string) => ({
  step: 'UploadLayers',
  executionArn: ARN,
  execution: 'name',
  request: { source: { bucket: 'drop', key: 'app/1.tar' } },
  error: { Error: name, Cause: cause },
});
const thrown = (error: Error) =>
  failure(error.name, JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: [] }));

const finding = (evidence: Evidence, found = 'as AWS says') => ({ found, remedy: 'As before.', evidence });
const denied = (evidence: Evidence) =>
  diagnose(
    thrown(
      new errors.PermissionDenied(
        finding({
          action: 'ecr:UploadLayerPart',
          resource: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/app`,
          principal: PRINCIPAL,
          policy: 'identity-based',
          ...evidence,
        }),
      ),
    ),
  );

test('an error of a step keeps its name, and its message is parted into cause, remedy and evidence', () => {
  const error = new errors.TarTruncated({ found: 'the tar ends', entry: 'a', remedy: 'Write it again.' });
  expect(diagnose(thrown(error))).toEqual({
    code: 'TarTruncated',
    step: 'UploadLayers',
    subject: SOURCE,
    cause: 'the tar ends in entry "a".',
    evidence: { error: 'TarTruncated' },
    remedy: 'Write it again.',
    retryable: false,
    executionArn: ARN,
  });
});

test('a failure that has a diagnosis keeps it', () => {
  const first = denied({});
  const again = { ...failure('PermissionDenied', JSON.stringify(first)), step: 'PushImages' };
  expect(diagnose(again)).toEqual(first);
});

describe('PermissionDenied', () => {
  test('names action, resource and principal, and the statement for the identity policy', () => {
    const { subject, evidence, remedy } = denied({});
    expect(subject).toBe(`ecr:UploadLayerPart on arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/app`);
    expect(evidence).toMatchObject({
      principal: PRINCIPAL,
      source: SOURCE,
      addTo: 'the identity policy of role push-role',
    });
    expect(JSON.parse(evidence.statement ?? '')).toEqual({
      Effect: 'Allow',
      Action: 'ecr:UploadLayerPart',
      Resource: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/app`,
    });
    expect(remedy).toBe('Add evidence.statement to the identity policy of role push-role.');
  });

  test.each<[string, string, string, object]>([
    ['ecr:PutImage', 'arn:aws:ecr:eu-west-1:444455556666:repository/app', 'the repository policy of', {}],
    ['s3:GetObject', 'arn:aws:s3:::drop/k', 'the bucket policy of', { Resource: 'arn:aws:s3:::drop/*' }],
    ['kms:Decrypt', 'arn:aws:kms:eu-west-1:444455556666:key/k', 'the key policy of', { Resource: '*' }],
  ])('of %s by the policy of a resource has the statement for that policy', (action, resource, where, more) => {
    const { evidence } = denied({ action, resource, policy: 'resource-based' });
    expect(evidence.addTo).toBe(`${where} ${resource}`);
    expect(JSON.parse(evidence.statement ?? '')).toEqual({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/push-role` },
      Action: action,
      ...more,
    });
  });

  test("in another account's registry says that the account may be the wrong one", () => {
    const resource = 'arn:aws:ecr:eu-west-1:444455556666:repository/app';
    const { remedy } = denied({ resource, policy: 'resource-based' });
    expect(remedy).toContain(`or correct registryId: 444455556666 is another account than ${ACCOUNT}`);
  });

  test('by a statement that denies has no statement to add', () => {
    const { evidence, remedy } = denied({ policy: 'service control', denies: 'explicitly' });
    expect(evidence).not.toHaveProperty('statement');
    expect(remedy).toContain(
      'Take ecr:UploadLayerPart out of the statement that denies it in a service control policy',
    );
  });

  test.each([
    ['VPC endpoint', 'the policy of the VPC endpoint for ecr'],
    ['permissions', 'the permissions boundary of role push-role'],
    ['service control', 'a service control policy of the organization'],
  ])('by a policy of kind %s says where to look', (policy, where) => {
    expect(denied({ policy }).evidence.addTo).toBe(where);
  });

  test('without words of AWS still has action, ARN and statement', () => {
    const error = new errors.PermissionDenied(
      finding({ action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::drop/k' }),
    );
    const { subject, evidence } = diagnose(thrown(error));
    expect(subject).toBe('s3:GetObjectVersion on arn:aws:s3:::drop/k');
    expect(JSON.parse(evidence.statement ?? '')).toMatchObject({ Action: 's3:GetObjectVersion' });
  });

  test('of a function that the state machine may not invoke is told from the words of Lambda', () => {
    const words = `User: ${PRINCIPAL} is not authorized to perform: lambda:InvokeFunction on resource: arn:f because no identity-based policy allows the lambda:InvokeFunction action`;
    expect(diagnose(failure('Lambda.AWSLambdaException', words))).toMatchObject({
      code: 'PermissionDenied',
      evidence: { action: 'lambda:InvokeFunction', resource: 'arn:f' },
    });
  });
});

describe('RepositoryNotFound', () => {
  const missing = new errors.RepositoryNotFound(finding({ repository: 'team-a/app', registry: ACCOUNT }));

  test('names the repositories that may be meant', () => {
    const diagnosis = diagnose(thrown(missing), { repositories: ['team-a/apps', 'team-b/app', 'db'] });
    expect(diagnosis).toMatchObject({
      code: 'RepositoryNotFound',
      subject: `repository team-a/app in registry ${ACCOUNT}`,
      evidence: { near: 'team-a/apps, team-b/app' },
    });
    expect(diagnosis.remedy).toContain('aws ecr create-repository --repository-name team-a/app');
  });

  test('where none is near keeps the remedy of the error', () => {
    const { evidence, remedy } = diagnose(thrown(missing), { repositories: ['db'] });
    expect(evidence).not.toHaveProperty('near');
    expect(remedy).toBe('As before.');
  });

  test("in another account's registry is WrongRegistry, with both accounts", () => {
    const abroad = new errors.RepositoryNotFound(finding({ repository: 'app', registry: '444455556666' }));
    expect(diagnose(thrown(abroad))).toMatchObject({
      code: 'WrongRegistry',
      subject: 'registry 444455556666',
      evidence: { registry: '444455556666', account: ACCOUNT },
      remedy: expect.stringContaining(`push to ${ACCOUNT}`),
    });
  });
});

test.each<[string, Error, object]>([
  [
    'NetworkUnreachable: the host, and the endpoint that leads there',
    new errors.NetworkUnreachable(finding({ action: 'ecr:PutImage', host: 'api.ecr.eu-west-1.amazonaws.com' })),
    {
      subject: 'api.ecr.eu-west-1.amazonaws.com',
      evidence: { endpoint: 'com.amazonaws.eu-west-1.ecr.api' },
      remedy: expect.stringMatching(/NAT gateway.*com\.amazonaws\.eu-west-1\.ecr\.api/),
      retryable: true,
    },
  ],
  [
    'KmsDenied: what KMS said, and what that takes',
    new errors.KmsDenied(finding({ repository: 'app', kmsError: 'DisabledException' })),
    {
      subject: 'repository app',
      evidence: { kmsError: 'DisabledException' },
      remedy: expect.stringContaining('enable-key'),
    },
  ],
  [
    'ImmutableTag: the tag, and both digests',
    new errors.ImmutableTag(finding({ repository: 'app', tag: '1', wanted: 'sha256:a', there: 'sha256:b' })),
    { subject: 'app:1', evidence: { wanted: 'sha256:a', there: 'sha256:b' } },
  ],
  [
    'QuotaExceeded: which, by the call',
    new errors.QuotaExceeded(finding({ action: 'ecr:PutImage' }, 'the repository is full')),
    { subject: 'Images per repository', evidence: { quota: 'Images per repository' } },
  ],
  [
    'QuotaExceeded: which, by the words',
    new errors.QuotaExceeded(finding({ action: 'ecr:PutImage' }, 'too many tags for the image')),
    { evidence: { quota: 'Tags per image' }, remedy: expect.stringContaining('"Tags per image"') },
  ],
  [
    'Throttled: by what',
    new errors.Throttled(finding({ action: 'ecr:PutImage' })),
    { subject: 'ecr:PutImage', remedy: expect.stringContaining('rate of ecr:PutImage'), retryable: true },
  ],
])('%s', (_, error, expected) => {
  expect(diagnose(thrown(error))).toMatchObject(expected);
});

test('UploadExpired names layer, repository and restarts', () => {
  const layer = {
    digest: 'sha256:a',
    entry: 'e',
    repository: 'app',
    restarts: 3,
    refusals: 0,
    lost: 'UploadNotFound' as const,
  };
  const error = caught(() => planRestart(layer, 0));
  expect(diagnose(thrown(error))).toMatchObject({
    code: 'UploadExpired',
    subject: 'layer sha256:a in repository app',
    evidence: { restarts: '3', lost: 'UploadNotFound' },
    retryable: true,
  });
});

test.each([
  ['Sandbox.Timedout', 'Task timed out after 900.00 seconds', 'TimedOut', true],
  ['States.Timeout', '', 'TimedOut', true],
  ['Runtime.ExitError', 'Runtime exited with error: signal: killed', 'OutOfMemory', false],
  ['Runtime.ExitError', 'Runtime exited without providing a reason', 'OutOfMemory', false],
  ['Runtime.ExitError', 'Runtime exited with error: exit status 1', 'Internal', false],
  ['Lambda.TooManyRequestsException', 'Rate Exceeded.', 'Throttled', true],
  ['Lambda.ServiceException', 'trouble', 'ServiceUnavailable', true],
  ['TypeError', 'x is undefined', 'Internal', false],
])('%s of the platform (%s) becomes %s', (name, errorMessage, code, retryable) => {
  expect(diagnose(failure(name, JSON.stringify({ errorMessage })))).toMatchObject({
    code,
    retryable,
    evidence: { error: name },
  });
});

test('a cause in plain text is kept as it is', () => {
  expect(diagnose(failure('States.Runtime', 'plain text')).cause).toBe('plain text');
});

test.each<[string, boolean]>([
  ['BlobMissing', true],
  ['UploadExpired', true],
  ['RepositoryNotFound', true],
  ['ImmutableTag', true],
  ['QuotaExceeded', true],
  ['WrongRegistry', false],
  ['PermissionDenied', false],
  ['Throttled', false],
  ['Internal', false],
])("%s is one image's own affair: %s", (code, own) => {
  expect(isImagesOwn(diagnose(failure(code, '')))).toBe(own);
});

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
