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
  ['ExpiredToken', 'CredentialsInvalid'],
  ['ExpiredTokenException', 'CredentialsInvalid'],
  ['UnrecognizedClientException', 'CredentialsInvalid'],
  ['InvalidSignatureException', 'CredentialsInvalid'],
  ['InvalidAccessKeyId', 'CredentialsInvalid'],
  ['SignatureDoesNotMatch', 'CredentialsInvalid'],
  ['InvalidToken', 'CredentialsInvalid'],
  ['RequestTimeTooSkewed', 'CredentialsInvalid'],
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
