import { translateError } from '../../../lambda/aws/translate-error';
import { EmptyObject } from '../../../lambda/contract/errors';

interface Fields {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** An error as the SDK throws it. */
function thrown(name: string, fields: Fields = {}): Error {
  return Object.assign(new Error('as AWS says'), { name, ...fields });
}

const CALL = 'ecr:PutImage on repository/app';
const nameFor = (error: unknown) => translateError(error, CALL)?.name;
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

test.each([
  ['AccessDenied', 'PermissionDenied'],
  ['AccessDeniedException', 'PermissionDenied'],
  ['Forbidden', 'PermissionDenied'],
  ['AllAccessDisabled', 'PermissionDenied'],
  ['UnauthorizedAccess', 'PermissionDenied'],
  ['ExpiredToken', 'CredentialsExpired'],
  ['ExpiredTokenException', 'CredentialsExpired'],
  ['UnrecognizedClientException', 'CredentialsInvalid'],
  ['InvalidSignatureException', 'CredentialsInvalid'],
  ['InvalidAccessKeyId', 'CredentialsInvalid'],
  ['SignatureDoesNotMatch', 'CredentialsInvalid'],
  ['InvalidToken', 'CredentialsInvalid'],
  ['RequestTimeTooSkewed', 'ClockSkewed'],
  ['CredentialsProviderError', 'CredentialsInvalid'],
  ['MissingAuthenticationToken', 'CredentialsInvalid'],
  ['MissingAuthenticationTokenException', 'CredentialsInvalid'],
  ['KmsException', 'KmsDenied'],
  ['KMS.DisabledException', 'KmsDenied'],
  ['KMS.NotFoundException', 'KmsDenied'],
  ['RepositoryNotFoundException', 'RepositoryNotFound'],
  ['LimitExceededException', 'QuotaExceeded'],
  ['TooManyTagsException', 'QuotaExceeded'],
  ['ThrottlingException', 'Throttled'],
  ['Throttling', 'Throttled'],
  ['TooManyRequestsException', 'Throttled'],
  ['RequestLimitExceeded', 'Throttled'],
  ['SlowDown', 'Throttled'],
  ['ThrottledException', 'Throttled'],
])('%s is %s', (name, wanted) => {
  expect(nameFor(thrown(name, status(400)))).toBe(wanted);
});

test.each([
  ['ECONNRESET'],
  ['ECONNREFUSED'],
  ['ECONNABORTED'],
  ['EPIPE'],
  ['ETIMEDOUT'],
  ['ENOTFOUND'],
  ['EAI_AGAIN'],
  ['EHOSTUNREACH'],
  ['ENETUNREACH'],
])('the code %s is NetworkUnreachable', (code) => {
  expect(nameFor(thrown('Error', { code }))).toBe('NetworkUnreachable');
});

test.each(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'NetworkingError', 'AbortError'])(
  'the name %s is NetworkUnreachable',
  (name) => {
    expect(nameFor(thrown(name))).toBe('NetworkUnreachable');
  },
);

test.each([
  [403, 'PermissionDenied'],
  [429, 'Throttled'],
  [500, 'ServiceUnavailable'],
  [502, 'ServiceUnavailable'],
  [503, 'ServiceUnavailable'],
  [504, 'ServiceUnavailable'],
])('an error without a known name and with HTTP status %d is %s', (code, wanted) => {
  expect(nameFor(thrown('Unknown', status(code)))).toBe(wanted);
});

test('the name says more than the status: a throttle with status 503 is Throttled', () => {
  expect(nameFor(thrown('SlowDown', status(503)))).toBe('Throttled');
});

test('an answer that is no JSON is judged by the status it came with', () => {
  const error = Object.assign(new SyntaxError('Unexpected token <'), { $response: { statusCode: 503 } });
  expect(nameFor(error)).toBe('ServiceUnavailable');
});

test('an error of the network whose answer got lost half way is NetworkUnreachable, whatever status it began with', () => {
  expect(nameFor(thrown('Error', { code: 'ECONNRESET', ...status(200) }))).toBe('NetworkUnreachable');
});

test.each([
  ['a name nobody knows', thrown('LayerInaccessibleException', status(400))],
  ['a bug', new TypeError('x is undefined')],
  [
    'a parse error of a good answer',
    Object.assign(new SyntaxError('Unexpected end'), { $response: { statusCode: 200 } }),
  ],
  ['a string', 'text'],
])('%s is left to the caller', (_, error) => {
  expect(translateError(error, CALL)).toBeUndefined();
});

test('an error of our own comes through as it is', () => {
  const own = new EmptyObject({ found: 'nothing', remedy: 'Drop it again.' });
  expect(translateError(own, CALL)).toBe(own);
});

test('the message says which call met what, and the cause is kept', () => {
  const error = thrown('SlowDown');
  const translated = translateError(error, CALL);
  expect(translated?.message).toMatch(/^ecr:PutImage on repository\/app failed: SlowDown: as AWS says\. Remedy: [A-Z]/);
  expect(translated?.cause).toBe(error);
});

test('a signature that is good but for its date is ClockSkewed', () => {
  const late = 'Signature expired: 20261125T000000Z is now earlier than 20261125T001500Z';
  const error = Object.assign(new Error(late), { name: 'InvalidSignatureException' });
  expect(nameFor(error)).toBe('ClockSkewed');
});

const denial = (
  action: string,
  resource: string,
  why = `because no identity-based policy allows the ${action} action`,
) =>
  `User: arn:aws:sts::1:assumed-role/role/function is not authorized to perform: ${action} on resource: ${resource} ${why}`;

test('a denial is told by its words, whatever KMS calls it', () => {
  const words = denial('kms:CreateGrant', 'arn:aws:kms:us-east-1:1:key/k');
  const error = Object.assign(new Error(words), { name: 'KmsException', kmsError: 'AccessDeniedException' });
  const translated = translateError(error, 'ecr:CreateRepository on repository/app');
  expect(translated?.name).toBe('PermissionDenied');
  expect(translated?.finding.evidence).toEqual({
    action: 'kms:CreateGrant',
    resource: 'arn:aws:kms:us-east-1:1:key/k',
    principal: 'arn:aws:sts::1:assumed-role/role/function',
    policy: 'identity-based',
    repository: 'app',
    kmsError: 'AccessDeniedException',
  });
});

test.each<[string, string, Record<string, string>]>([
  ['S3 puts the resource in quotes', denial('s3:GetObject', '"arn:aws:s3:::b/k"'), { resource: 'arn:aws:s3:::b/k' }],
  [
    'another account has a policy of the resource',
    denial('ecr:PutImage', 'arn:x', 'because no resource-based policy allows the ecr:PutImage action'),
    { policy: 'resource-based' },
  ],
  [
    'an endpoint has one, too',
    denial('ecr:PutImage', 'arn:x', 'because no VPC endpoint policy allows the ecr:PutImage action'),
    { policy: 'VPC endpoint' },
  ],
  [
    'a boundary is one',
    denial('ecr:PutImage', 'arn:x', 'because no permissions boundary allows the ecr:PutImage action'),
    { policy: 'permissions' },
  ],
  [
    'a statement may deny',
    denial('ecr:PutImage', 'arn:x', 'with an explicit deny in a service control policy'),
    { policy: 'service control', denies: 'explicitly' },
  ],
])('%s', (_, words, expected) => {
  const error = Object.assign(new Error(words), { name: 'AccessDenied', ...status(403) });
  expect(translateError(error, CALL)?.finding.evidence).toMatchObject(expected);
});

test('a denial without words has the action and the ARN of the call', () => {
  const { finding } = translateError(thrown('403', status(403)), 's3:GetObjectVersion on s3://drop/a b.tar') ?? {};
  expect(finding?.evidence).toEqual({ action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::drop/a b.tar' });
});

test('the registry that has no such repository is evidence', () => {
  const words = "The repository with name 'app' does not exist in the registry with id '111122223333'";
  const error = Object.assign(new Error(words), { name: 'RepositoryNotFoundException' });
  expect(translateError(error, CALL)?.finding.evidence).toMatchObject({ repository: 'app', registry: '111122223333' });
});

test.each([
  [{ host: 'api.ecr.us-east-1.amazonaws.com' }, 'api.ecr.us-east-1.amazonaws.com'],
  [{ hostname: 's3.us-east-1.amazonaws.com' }, 's3.us-east-1.amazonaws.com'],
])('the host that gives no answer is evidence: %j', (fields, host) => {
  const error = Object.assign(thrown('Error', { code: 'ENOTFOUND' }), fields);
  expect(translateError(error, CALL)?.finding.evidence).toMatchObject({ host, action: 'ecr:PutImage' });
});
