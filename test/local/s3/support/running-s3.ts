import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createS3, type ObjectCreated, type S3, type S3Options } from '../../../../local/s3';

export const ACCOUNT = '123456789012';

/** Headers of a signed request; the emulator looks at the form of a signature alone. */
export const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20260131T000000Z',
  'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
};

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An emulator behind a port of its own, with all that tests need around it. */
export interface RunningS3 {
  readonly s3: S3;
  readonly port: number;
  readonly events: ObjectCreated[];
  readonly dataDir: string;
  client(config?: S3ClientConfig): S3Client;
  /** One signed request, written by hand. */
  raw(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<RawAnswer>;
  socket(): Promise<Socket>;
  /** A second life on the same data directory. */
  restart(): Promise<RunningS3>;
  stop(): Promise<void>;
}

/** Starts an emulator on a fresh directory, or on the one given. */
export async function startS3(options: Partial<S3Options> = {}): Promise<RunningS3> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'slipway-s3-')));
  const events: ObjectCreated[] = [];
  const onObjectCreated = (event: ObjectCreated) => void events.push(event);
  const s3 = createS3({ region: 'us-east-1', accountId: ACCOUNT, onObjectCreated, ...options, dataDir });
  const server = createServer((req, res) => void s3.handle(req, res));
  const port = await listen(server);
  const clients: S3Client[] = [];
  const halt = async () => {
    for (const client of clients) client.destroy();
    await s3.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    s3,
    port,
    events,
    dataDir,
    client: (config = {}) => {
      const client = sdkClient(port, config);
      clients.push(client);
      return client;
    },
    raw: (method, path, { headers = SIGNED, body } = {}) => rawRequest(port, method, path, headers, body),
    socket: () => openSocket(port),
    restart: async () => {
      await halt();
      return startS3({ ...options, dataDir });
    },
    stop: async () => {
      await halt();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Code and status of the error a call ends with; fails where it does not. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the call was expected to be refused, and was not');
  const { httpStatusCode } = (error as Error & { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  return { code: error.name, status: httpStatusCode };
}

/** The code in an XML error document. */
export function codeOf({ body }: RawAnswer): string | undefined {
  return /<Code>(\w+)<\/Code>/.exec(body)?.[1];
}

function sdkClient(port: number, config: S3ClientConfig): S3Client {
  return new S3Client({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    maxAttempts: 1,
    ...config,
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (res) => {
      const pieces: Buffer[] = [];
      res.on('data', (piece: Buffer) => pieces.push(piece));
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(pieces).toString() }),
      );
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}
