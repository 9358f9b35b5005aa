import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as a server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The signature that a request must carry, computed from what arrived and the secret alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function expectedSignature({ method, path, headers, body }: ReceivedRequest, secret: string): string {
  const { scope, signedHeaders } = authorizationOf(headers);
  const canonical = [
    method,
    path,
    '',
    ...signedHeaders.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, word) => hmac(last, word), `AWS4${secret}`);
  return hmac(key, text).toString('hex');
}

/** The signature that a request does carry. */
export function signatureOf({ headers }: ReceivedRequest): string {
  return authorizationOf(headers).signature;
}

function authorizationOf({ authorization = '' }: IncomingHttpHeaders) {
  const match = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)/.exec(authorization);
  const [, scope = '', names = '', signature = ''] = match ?? [];
  return { scope, signedHeaders: names.split(';'), signature };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
