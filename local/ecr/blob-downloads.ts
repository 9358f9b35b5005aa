import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sign } from './authorization';
import { EcrError } from './errors';
import type { Registry } from './registry';
import type { Exchange } from './v2-exchange';

/** Path prefix of all download addresses. */
export const DOWNLOADS = '/v2-blobs/';

const LIFETIME_SECONDS = 3600;

/** A presigned address of a layer's bytes, good for an hour. */
export function downloadUrl(registry: Registry, digest: string, origin: string): string {
  const path = `${DOWNLOADS}${registry.accountId}/${digest}`;
  const date = new Date(registry.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({ 'X-Amz-Date': date, 'X-Amz-Expires': String(LIFETIME_SECONDS) });
  query.set('X-Amz-Signature', sign(registry, `${path}\n${date}\n${LIFETIME_SECONDS}`));
  return `${origin}${path}?${query}`;
}

/** Answers a download address, whole or by range; errors in the form of S3, which holds the layers behind ECR. */
export async function serveDownload(exchange: Exchange): Promise<void> {
  const { dispatch, request, response, url } = exchange;
  const digest = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  try {
    await dispatch.around('DownloadLayer', { layerDigest: digest }, async () => undefined);
  } catch (error) {
    if (!(error instanceof EcrError)) throw error;
    return sendError(response, error.status, error.code, error.message);
  }
  const refusal = refuse(dispatch.registry, url, request.method);
  if (refusal !== undefined) return sendError(response, 403, ...refusal);
  await sendBytes(exchange, digest);
}

async function sendBytes({ dispatch, request, response }: Exchange, digest: string): Promise<void> {
  const { blobs } = dispatch.registry.catalog;
  const size = await blobs.size(digest);
  if (size === undefined) return sendError(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${size}`);
    return sendError(response, 416, 'InvalidRange', 'The requested range is not satisfiable');
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': last - first + 1,
    'Accept-Ranges': 'bytes',
    ...(range === undefined ? {} : { 'Content-Range': `bytes ${first}-${last}/${size}` }),
  });
  const bytes = createReadStream(blobs.path(digest), { start: first, end: last, highWaterMark: 1024 * 1024 });
  // A client that hangs up in the middle is no fault of the server.
  await pipeline(bytes, response).catch(() => response.destroy());
}

function refuse(registry: Registry, url: URL, method: string | undefined): [code: string, message: string] | undefined {
  const date = url.searchParams.get('X-Amz-Date') ?? '';
  const expires = url.searchParams.get('X-Amz-Expires') ?? '';
  const genuine = sign(registry, `${url.pathname}\n${date}\n${expires}`);
  if (method !== 'GET' || url.searchParams.get('X-Amz-Signature') !== genuine) {
    return ['SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'];
  }
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  const fresh = registry.now() < signedAt + Number(expires) * 1000;
  return fresh ? undefined : ['AccessDenied', 'Request has expired'];
}

function parseRange(
  header: string | undefined,
  size: number,
): { first: number; last: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  // A range that cannot be read is passed over, as HTTP asks.
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? 'unsatisfiable' : { first, last };
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response
    .writeHead(status, { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}
