import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error';

const MAX_KEY_BYTES = 1024;

/** One HTTP request, taken apart the way S3 does: the key is what was sent, percent-decoded once and never normalised. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Query parameters; a parameter without a value has the empty string. */
  readonly query: ReadonlyMap<string, string>;
  /** Whether the signature is in the query. */
  readonly presigned: boolean;
  /** Path as it was sent, for messages. */
  readonly resource: string;
  /** A header by its lower-case name; of a presigned request also `x-amz-*` out of the query. */
  header(name: string): string | undefined;
  /** Lower-case names of all headers, those out of a presigned query among them. */
  headerNames(): string[];
  readonly body: IncomingMessage;
}

/** Reads method, address and headers. InvalidURI, KeyTooLongError. */
export function parseRequest(body: IncomingMessage): S3Request {
  const url = body.url ?? '/';
  const mark = url.indexOf('?');
  const resource = mark < 0 ? url : url.slice(0, mark);
  const query = new Map(new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)));
  const presigned = query.has('X-Amz-Signature');
  const fromQuery = presigned ? headersInQuery(query) : new Map<string, string>();
  const { bucket, key } = address(hostBucket(body.headers.host), resource);
  return {
    method: body.method ?? 'GET',
    bucket,
    key,
    query,
    presigned,
    resource,
    header: (name) => headerText(body.headers[name]) ?? fromQuery.get(name),
    headerNames: () => [...Object.keys(body.headers), ...fromQuery.keys()],
    body,
  };
}

/** Decodes a bucket and key out of a path, or out of a copy source, which has the same form. */
export function splitPath(path: string): { bucket: string | undefined; key: string | undefined } {
  const rest = path.startsWith('/') ? path.slice(1) : path;
  const slash = rest.indexOf('/');
  const bucket = decode(slash < 0 ? rest : rest.slice(0, slash));
  const key = slash < 0 ? '' : decodeKey(rest.slice(slash + 1));
  return { bucket: bucket || undefined, key: key || undefined };
}

function address(host: string | undefined, path: string): { bucket: string | undefined; key: string | undefined } {
  if (!path.startsWith('/')) throw new S3Error('InvalidURI', { details: { URI: path } });
  if (host === undefined) return splitPath(path);
  return { bucket: host, key: decodeKey(path.slice(1)) || undefined };
}

function hostBucket(host: string | undefined): string | undefined {
  const name = (host ?? '').replace(/:\d+$/, '');
  const match = /^([a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])\.(?:s3\.(?:[a-z0-9-]+\.)?)?(?:localhost|amazonaws\.com)$/.exec(
    name,
  );
  const bucket = match?.[1];
  // "s3.eu-west-1.amazonaws.com" is the service, not a bucket called "s3.eu-west-1".
  return bucket === undefined || /^s3(?:\.|$)/.test(bucket) ? undefined : bucket;
}

function decodeKey(encoded: string): string {
  const key = decode(encoded);
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', { details: { Size: size, MaxSizeAllowed: MAX_KEY_BYTES } });
  }
  return key;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new S3Error('InvalidURI', { details: { URI: encoded } });
  }
}

// Signers move x-amz-* headers into the query of a presigned URL, and S3 takes them from there.
function headersInQuery(query: ReadonlyMap<string, string>): Map<string, string> {
  const named = [...query].map(([name, value]) => [name.toLowerCase(), value] as const);
  return new Map(named.filter(([name]) => name.startsWith('x-amz-')));
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
