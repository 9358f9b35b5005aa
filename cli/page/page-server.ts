import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Upload } from '@aws-sdk/lib-storage';
import { executionName } from '../../lambda/contract/execution-name';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import { listPushes, viewPush } from './push-view';

/** Where the page and what it asks for are served. */
export const PAGE = '/_slipway/';

const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '': ['page.html', 'text/html; charset=utf-8'],
  'page.css': ['page.css', 'text/css; charset=utf-8'],
  'page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

const HEADERS = {
  'Content-Security-Policy': "default-src 'self'; img-src data:; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** Serves the page that drops tarballs by hand and shows pushes, to browsers of this machine alone. */
export function pageServer(aws: Aws, deployed: Deployed) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    // A name that somebody made point here is not this machine's.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return json(response, 403, 'host');
    if (!pathname.startsWith(PAGE)) return redirect(response);
    const path = pathname.slice(PAGE.length);
    const asset = ASSETS[path];
    if (asset && request.method === 'GET') return file(response, ...asset);
    if (path === 'api/pushes' && request.method === 'GET') return json(response, 200, await listPushes(aws, deployed));
    const [, name] = /^api\/pushes\/([A-Za-z0-9_-]+)$/.exec(path) ?? [];
    if (name && request.method === 'GET') return json(response, 200, await viewPush(aws, deployed, name));
    const [, key] = /^api\/drops\/(.+)$/.exec(path) ?? [];
    if (key && request.method === 'PUT')
      return json(response, 201, await drop(aws, deployed, decodeURIComponent(key), request));
    return json(response, 404, { found: `nothing is served at ${pathname}` });
  };
}

/** Uploads what the browser sends. A page of another site cannot make it send a PUT: its preflight is not answered. */
async function drop(
  { s3 }: Aws,
  { dropBucket }: Deployed,
  key: string,
  body: IncomingMessage,
): Promise<{ name: string }> {
  const upload = new Upload({ client: s3, params: { Bucket: dropBucket, Key: key, Body: body } });
  const { VersionId = '' } = await upload.done();
  return { name: executionName(key, VersionId) };
}

async function redirect(response: ServerResponse): Promise<void> {
  response.writeHead(302, { ...HEADERS, Location: PAGE }).end();
}

function file(response: ServerResponse, name: string, type: string): Promise<void> {
  response.writeHead(200, { ...HEADERS, 'Content-Type': type });
  return new Promise((resolve, reject) => {
    createReadStream(join(__dirname, 'assets', name))
      .once('error', reject)
      .pipe(response)
      .once('close', resolve);
  });
}

async function json(response: ServerResponse, status: number, value: unknown): Promise<void> {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}
