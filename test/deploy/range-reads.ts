import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * The S3 of MiniStack, with ranges for reads that name a version: MiniStack 1.5.33 looks at `Range` after it has
 * answered such a read with the whole object (services/s3.py, `return 200, resp_headers, body` in its version branch).
 * S3 gives the range: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function withRangeReads(endpoint: string): Promise<{ endpoint: string; stop: () => void }> {
  const server = createServer((request, response) => {
    forward(request, response, endpoint).catch((error) => response.destroy(error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function forward(request: IncomingMessage, response: ServerResponse, endpoint: string): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const { connection: _, 'transfer-encoding': __, expect: ___, ...headers } = request.headers;
  const body = await buffer(request);
  const reply = await fetch(new URL(url, endpoint), {
    method,
    headers: headers as Record<string, string>,
    ...(body.length === 0 ? {} : { body }),
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const whole = method === 'GET' && first !== undefined && reply.status === 200;
  const sent = whole ? bytes.subarray(Number(first), Number(last) + 1) : bytes;
  const { 'transfer-encoding': ____, connection: _____, ...answered } = Object.fromEntries(reply.headers);
  const range = whole ? { 'content-range': `bytes ${first}-${Number(first) + sent.length - 1}/${bytes.length}` } : {};
  const length = method === 'HEAD' ? {} : { 'content-length': String(sent.length) };
  response.writeHead(whole ? 206 : reply.status, { ...answered, ...range, ...length }).end(sent);
}
