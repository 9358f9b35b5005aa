import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as far as it is signed. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whom the signature of a request is checked for, and when. */
export interface SignatureRules {
  readonly region: string;
  /** Secret of an access key; undefined for one that nobody has. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  /** Milliseconds. */
  readonly now: number;
}

/** What is wrong with a signature: the type of the gateway's response, and its message. */
export interface Refusal {
  readonly type: 'MISSING_AUTHENTICATION_TOKEN' | 'INVALID_SIGNATURE';
  readonly errorType: string;
  readonly message: string;
}

const SERVICE = 'execute-api';
const SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Computes the signature and compares; undefined where it is right.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function refusalOf(request: SignedRequest, { region, secretOf, now }: SignatureRules): Refusal | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return missing();
  const [, accessKeyId = '', day = '', signedRegion, service, names = '', signature = ''] =
    AUTHORIZATION.exec(authorization) ?? [];
  if (signedRegion === undefined)
    return invalid('IncompleteSignatureException', 'The Authorization header is not one of AWS Signature Version 4');
  const time = headerOf(request, 'x-amz-date');
  const age = Math.abs(now - parseTime(time));
  if (!time.startsWith(day) || Number.isNaN(age))
    return invalid(
      'IncompleteSignatureException',
      "Authorization header requires existence of a 'X-Amz-Date' header of its day",
    );
  if (signedRegion !== region || service !== SERVICE) {
    return invalid(
      'InvalidSignatureException',
      `Credential should be scoped to service '${SERVICE}' in region '${region}'.`,
    );
  }
  const secret = secretOf(accessKeyId);
  if (secret === undefined)
    return invalid('UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (age > SKEW_MS) return invalid('InvalidSignatureException', `Signature expired or not yet valid: ${time}`);
  const signedNames = names.split(';');
  if (!signedNames.includes('host')) return invalid('InvalidSignatureException', "'Host' must be a signed header.");
  const scope = `${day}/${region}/${SERVICE}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical(request, signedNames))].join('\n');
  const key = [day, region, SERVICE, 'aws4_request'].reduce<Buffer | string>(
    (from, part) => hmac(from, part),
    `AWS4${secret}`,
  );
  if (timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))) return undefined;
  return invalid(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  );
}

function canonical(request: SignedRequest, names: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  const headers = names.map((name) => `${name}:${headerOf(request, name).trim().replace(/\s+/g, ' ')}\n`).join('');
  // What was sent is encoded once, and is encoded again, for every service but S3.
  const uri = path.split('/').map(encoded).join('/');
  return [request.method, uri, canonicalQuery(query), headers, names.join(';'), sha256(request.body)].join('\n');
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query.replaceAll('+', '%2B'))].map(
    ([name, value]) => `${encoded(name)}=${encoded(value)}`,
  );
  return pairs.sort().join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function headerOf({ headers }: SignedRequest, name: string): string {
  return [headers[name] ?? ''].flat().join(',');
}

function parseTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function missing(): Refusal {
  const errorType = 'MissingAuthenticationTokenException';
  return { type: 'MISSING_AUTHENTICATION_TOKEN', errorType, message: 'Missing Authentication Token' };
}

function invalid(errorType: string, message: string): Refusal {
  return { type: 'INVALID_SIGNATURE', errorType, message };
}
