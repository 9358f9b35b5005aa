import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const KEEP_ALIVE_MS = 600_000;

/** Answers one request. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The services behind the port. */
interface Services {
  readonly s3: Handle;
  readonly ecr: Handle;
  readonly states: Handle;
  readonly events: Handle;
  readonly lambda: Handle;
  readonly query: Handle;
  readonly faults: Handle;
  readonly api: Handle;
  /** What browsers get: `/_slipway/`, and `/` where they ask for it. */
  readonly page: Handle;
}

/** The port, taken: calls are answered with 503 until there are services to serve them. */
export interface Port {
  readonly number: number;
  serve(services: Services): void;
  /** Hangs up on every client and gives the port back. */
  close(): Promise<void>;
}

const TARGETS: readonly [prefix: string, service: keyof Services][] = [
  ['AmazonEC2ContainerRegistry_V20150921.', 'ecr'],
  ['AWSStepFunctions.', 'states'],
  ['AWSEvents.', 'events'],
];

const PATHS: readonly [pattern: RegExp, service: keyof Services][] = [
  [/^\/_slipway\/faults$/, 'faults'],
  [/^\/_slipway(\/|$)/, 'page'],
  [/^\/_aws\/execute-api\//, 'api'],
  [/^\/v2(-blobs)?(\/|$)/, 'ecr'],
  [/^\/2015-03-31\/functions\//, 'lambda'],
];

/** One HTTP server on 127.0.0.1 for all services: they are told apart as their clients speak, not by host or port. */
export async function listen(port: number): Promise<Port> {
  let services: Services | undefined;
  const server = createServer((request, response) => {
    if (!services) return void response.writeHead(503).end();
    services[serviceOf(request)](request, response).catch((error: unknown) => fail(response, error));
  });
  // A part of 14 MB over a slow link is no reason to hang up.
  server.requestTimeout = 0;
  // Node hangs up on an idle client after five seconds, and a request that is just then on its way is sent twice.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    number: (server.address() as AddressInfo).port,
    serve: (all) => {
      services = all;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function serviceOf({ headers, method, url = '/' }: IncomingMessage): keyof Services {
  const target = String(headers['x-amz-target'] ?? '');
  const path = url.split('?')[0] ?? '/';
  const byTarget = TARGETS.find(([prefix]) => target.startsWith(prefix));
  if (byTarget) return byTarget[1];
  const byPath = PATHS.find(([pattern]) => pattern.test(path));
  if (byPath) return byPath[1];
  // No client of AWS asks for HTML.
  if (method === 'GET' && path === '/' && headers.accept?.includes('text/html')) return 'page';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') && path === '/' ? 'query' : 's3';
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(error));
}
