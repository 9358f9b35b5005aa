import { createIam, type RoleSpec, type Statement } from '../../local/iam';

const PLACE = { accountId: '111122223333', region: 'eu-west-1' };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const PRINCIPAL = 'arn:aws:sts::111122223333:assumed-role/role/function';

const role = (...Statements: Statement[]): RoleSpec => ({
  accessKeyId: 'function',
  step: 'Step',
  roleName: 'role',
  sessionName: 'function',
  policies: [{ Statement: Statements }],
  managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
});
const allowing = (Action: string | string[], Resource: string | string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const iamWith = (...statements: Statement[]) =>
  createIam({
    ...PLACE,
    roles: [role(...statements)],
    bucketKey: (bucket) => (bucket === 'encrypted' ? KEY : undefined),
  });
const get = (input: object) => ({ operation: 'GetObject', input: { Bucket: 'drop', Key: 'a/b.tar', ...input } });
const putImage = { operation: 'PutImage', input: { repositoryName: 'team/app' } };

test('a person may do everything', () => {
  expect(iamWith().judge('s3', get({}), 'local')).toBeUndefined();
  expect(iamWith().judge('s3', get({}), undefined)).toBeUndefined();
});

test('a function may do what its role allows, by wildcards of actions and of resources', () => {
  const iam = iamWith(allowing(['s3:getobject*'], 'arn:aws:s3:::drop/*'), allowing('ecr:PutImage', '*/team/???'));
  expect(iam.judge('s3', get({}), 'function')).toBeUndefined();
  expect(iam.judge('ecr', putImage, 'function')).toBeUndefined();
});

test('what no statement allows is denied in the words of the service', () => {
  const iam = iamWith(allowing('s3:GetObject', 'arn:aws:s3:::drop'));
  expect(iam.judge('s3', get({}), 'function')).toEqual({
    kind: 'error',
    name: 'AccessDenied',
    status: 403,
    message: `User: ${PRINCIPAL} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::drop/a/b.tar" because no identity-based policy allows the s3:GetObject action`,
  });
  expect(iam.judge('ecr', putImage, 'function')).toEqual({
    kind: 'error',
    name: 'AccessDeniedException',
    status: 400,
    message: `User: ${PRINCIPAL} is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/team/app because no identity-based policy allows the ecr:PutImage action`,
  });
});

test('a denial goes before what is allowed', () => {
  const iam = iamWith(allowing('*', '*'), { Effect: 'Deny', Action: 's3:*', Resource: '*' });
  expect(iam.judge('s3', get({}), 'function')?.message).toMatch(/with an explicit deny in an identity-based policy$/);
});

test.each<[string, { operation: string; input: object }, string[]]>([
  ['a version is read', get({ VersionId: 'v' }), ['s3:GetObjectVersion']],
  ['a version is described', { ...get({ VersionId: 'v' }), operation: 'HeadObject' }, ['s3:GetObjectVersion']],
  [
    'the checksum of an encrypted object is asked for',
    { ...get({ Bucket: 'encrypted', ChecksumMode: 'ENABLED' }), operation: 'HeadObject' },
    ['s3:GetObject', 'kms:Decrypt'],
  ],
  ['an encrypted object is read', get({ Bucket: 'encrypted' }), ['s3:GetObject', 'kms:Decrypt']],
  [
    'an encrypted object is written',
    { ...get({ Bucket: 'encrypted' }), operation: 'PutObject' },
    ['s3:PutObject', 'kms:GenerateDataKey'],
  ],
  [
    'a part of an encrypted object is written',
    { ...get({ Bucket: 'encrypted' }), operation: 'UploadPart' },
    ['s3:PutObject', 'kms:Decrypt'],
  ],
  ['an upload is given up', { ...get({}), operation: 'AbortMultipartUpload' }, ['s3:AbortMultipartUpload']],
  [
    'an object is copied',
    { ...get({ CopySource: 'encrypted/a%20b?versionId=v' }), operation: 'CopyObject' },
    ['s3:GetObjectVersion', 'kms:Decrypt', 's3:PutObject'],
  ],
  ['a bucket is listed', { operation: 'ListObjectsV2', input: { Bucket: 'drop' } }, ['s3:ListBucket']],
])('%s: S3 needs exactly its actions', (_, call, actions) => {
  const needed = call as Parameters<ReturnType<typeof iamWith>['judge']>[1];
  expect(iamWith(allowing(actions, '*')).judge('s3', needed, 'function')).toBeUndefined();
  for (const action of actions) {
    const iam = iamWith(...actions.filter((other) => other !== action).map((other) => allowing(other, '*')));
    expect(iam.judge('s3', needed, 'function')?.message).toContain(`not authorized to perform: ${action} on`);
  }
});

test.each<[object, string]>([
  [{ repositoryNames: ['app'] }, 'repository/app'],
  [{ repositoryNames: ['app'], registryId: '999999999999' }, ':999999999999:repository/app'],
  [{}, 'repository/*'],
])('DescribeRepositories of %j is about %s', (input, resource) => {
  const denial = iamWith().judge('ecr', { operation: 'DescribeRepositories', input: { ...input } }, 'function');
  expect(denial?.message).toContain(`${resource} because`);
});

test('to create an encrypted repository the caller hands out grants on its key', () => {
  const input = { repositoryName: 'app', encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY } };
  const iam = iamWith(allowing('ecr:CreateRepository', '*'));
  const denial = iam.judge('ecr', { operation: 'CreateRepository', input }, 'function');
  expect(denial?.message).toContain(`kms:CreateGrant on resource: ${KEY}`);
});

test('who may not list a bucket is not told that a key is not there', () => {
  const { message } = iamWith().judgeMissingKey(get({}), 'function') ?? {};
  expect(message).toContain('s3:ListBucket on resource: "arn:aws:s3:::drop"');
  expect(iamWith(allowing('s3:ListBucket', 'arn:aws:s3:::drop')).judgeMissingKey(get({}), 'function')).toBeUndefined();
});

test('a condition holds or not, and one that is not known is refused loudly', () => {
  const under = (Condition: NonNullable<Statement['Condition']>) =>
    iamWith({ ...allowing('s3:GetObject', '*'), Condition }).judge('s3', get({}), 'function');
  expect(under({ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] } })).toBeUndefined();
  expect(under({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })).toBeDefined();
  expect(() => under({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })).toThrow('IpAddress on aws:SourceIp');
});

test('an event is allowed by its source', () => {
  const iam = iamWith({
    ...allowing('events:PutEvents', 'arn:aws:events:eu-west-1:111122223333:event-bus/default'),
    Condition: { StringEquals: { 'events:source': 'slipway' } },
  });
  const put = (Source: string) =>
    iam.judge('events', { operation: 'PutEvents', input: { Entries: [{ Source }] } }, 'function');
  expect(put('slipway')).toBeUndefined();
  expect(put('other')?.message).toContain('events:PutEvents');
});

test.each([
  ['a statement with elements that are not looked at', { ...allowing('s3:*', '*'), NotAction: 'x' }],
  ['a statement without resource', { Effect: 'Allow', Action: 's3:*' }],
])('%s is refused loudly', (_, statement) => {
  expect(() => iamWith(statement as Statement)).toThrow('cannot judge this policy statement');
});

test('a call that nobody has written down is refused loudly', () => {
  const denial = iamWith(allowing('*', '*')).judge('states', { operation: 'SendTaskSuccess', input: {} }, 'function');
  expect(denial).toMatchObject({ name: 'InvalidAction', message: expect.stringContaining('states:SendTaskSuccess') });
});

test('what is revoked is denied until a statement is added, and back after a reset', () => {
  const iam = iamWith(allowing('s3:GetObject*', '*'));
  const judge = () => iam.judge('s3', get({}), 'function');
  iam.revoke('Step', 's3:GetObject', 'arn:aws:s3:::drop/*');
  expect(judge()).toBeDefined();
  expect(iam.judge('s3', get({ Bucket: 'other' }), 'function')).toBeUndefined();
  iam.allow('Step', allowing('s3:GetObject', 'arn:aws:s3:::drop/a/b.tar'));
  expect(judge()).toBeUndefined();
  iam.reset();
  iam.revoke('Step', 's3:GetObject');
  iam.reset();
  expect(judge()).toBeUndefined();
  expect(() => iam.revoke('Step', 'ecr:PutImage')).toThrow('does not have ecr:PutImage');
});
