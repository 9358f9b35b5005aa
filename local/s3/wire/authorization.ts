import { S3Error } from './s3-error';
import type { S3Request } from './s3-request';

const MAX_EXPIRES_SECONDS = 7 * 24 * 3600;
const CREDENTIAL = /^[\w+=,.@-]+\/\d{8}\/[a-z0-9-]+\/s3\/aws4_request$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/** What a request that was let in is signed with. */
export function accessKeyId(request: S3Request): string | undefined {
  const credential =
    request.query.get('X-Amz-Credential') ?? /Credential=([^/,]+)/.exec(request.header('authorization') ?? '')?.[1];
  return credential?.split('/')[0];
}

/**
 * Refuses a request that is not signed in the form of Signature Version 4. The signature itself and the region are not
 * looked at: any credentials are good here. `now` in milliseconds. AccessDenied, AuthorizationHeaderMalformed,
 * AuthorizationQueryParametersError.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
export function requireSignature(request: S3Request, now: number): void {
  const header = request.header('authorization');
  if (header === undefined && !request.presigned) throw new S3Error('AccessDenied');
  if (header !== undefined && request.presigned) {
    throw new S3Error('InvalidRequest', { message: 'Only one auth mechanism allowed' });
  }
  if (header === undefined) requirePresigned(request, now);
  else requireHeader(request, header);
}

function requireHeader(request: S3Request, header: string): void {
  const [scheme, ...rest] = header.split(' ');
  if (scheme !== 'AWS4-HMAC-SHA256') {
    throw new S3Error('InvalidRequest', {
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    });
  }
  const fields = new Map(rest.join(' ').split(',').map(field));
  const signed = (fields.get('SignedHeaders') ?? '').split(';');
  const wellFormed =
    CREDENTIAL.test(fields.get('Credential') ?? '') &&
    signed.includes('host') &&
    SIGNATURE.test(fields.get('Signature') ?? '');
  if (!wellFormed) throw new S3Error('AuthorizationHeaderMalformed');
  if (request.header('x-amz-date') === undefined && request.header('date') === undefined) {
    throw new S3Error('AccessDenied', {
      message: 'AWS authentication requires a valid Date or x-amz-date header',
    });
  }
  if (request.header('x-amz-content-sha256') === undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Missing required header for this request: x-amz-content-sha256',
    });
  }
}

function requirePresigned({ query }: S3Request, now: number): void {
  const seconds = Number(query.get('X-Amz-Expires'));
  const signedAt = parseDate(query.get('X-Amz-Date') ?? '');
  const wellFormed =
    query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' &&
    CREDENTIAL.test(query.get('X-Amz-Credential') ?? '') &&
    (query.get('X-Amz-SignedHeaders') ?? '').split(';').includes('host') &&
    SIGNATURE.test(query.get('X-Amz-Signature') ?? '') &&
    Number.isInteger(seconds) &&
    seconds >= 1 &&
    seconds <= MAX_EXPIRES_SECONDS &&
    !Number.isNaN(signedAt);
  if (!wellFormed) throw new S3Error('AuthorizationQueryParametersError');
  const expires = signedAt + seconds * 1000;
  if (now <= expires) return;
  throw new S3Error('AccessDenied', {
    message: 'Request has expired',
    details: {
      'X-Amz-Expires': seconds,
      Expires: new Date(expires).toISOString(),
      ServerTime: new Date(now).toISOString(),
    },
  });
}

function field(text: string): [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

/** Milliseconds of a date such as 20260131T235959Z; NaN where it is none. */
function parseDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
