import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { ecr as client } from '../../../lambda/aws/clients/ecr';
import { completeUpload, initiateUpload } from '../../../lambda/aws/ecr-layers';
import { type SendingProgress, sendParts } from '../../../lambda/aws/part-sender';
import type { LayerUpload } from '../../../lambda/contract/steps';
import type { ReadableLayer } from '../../../lambda/contract/upload-plan';
import { createEcr, type Ecr } from '../../../local/ecr';
import { type FaultRule, FaultScript } from '../../../local/fault-script';
import { noise } from '../../support/tar-content';

const PART = 100_000;
const PARTS = 5;
const ID = { repository: 'app', registryId: undefined };
const bytes = Buffer.from(noise(PARTS * PART - 7, 5).slice(0, PARTS * PART - 7));
const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const layer: ReadableLayer = {
  repository: 'app',
  digest,
  size: bytes.length,
  entry: 'layer.tar',
  from: { bucket: 'b', key: 'k', etag: '"e"', size: bytes.length },
  firstByte: 0,
  verify: 'not',
};

const dataDir = mkdtempSync(join(tmpdir(), 'slipway-gated-'));
const faults = new FaultScript();
let ecr: Ecr;
/** What happened to the parts, in order: `3 begun`, `2 whole`, `2 answered`. */
const seen: string[] = [];
/** Milliseconds before a part is committed, the first and the others. */
let commit = { first: 0, other: 0 };

const server = createServer((request, response) => {
  const target = String(request.headers['x-amz-target'] ?? '');
  if (!target) return serveRange(request, response);
  if (!target.endsWith('.UploadLayerPart')) return void ecr.handle(request, response);
  let part: number | undefined;
  request.once('data', (piece: Buffer) => {
    part = Number(/"partFirstByte":(\d+)/.exec(piece.toString('latin1'))?.[1]) / PART;
    seen.push(`${part} begun`);
  });
  request.once('end', () => seen.push(`${part} whole`));
  response.once('finish', () => seen.push(`${part} answered`));
  void ecr.handle(request, response);
});

function serveRange({ headers, url = '' }: IncomingMessage, response: ServerResponse): void {
  if (url.includes('gone')) return void response.writeHead(404).end();
  const [, first = '0', last = '0'] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? [];
  const body = bytes.subarray(Number(first), Number(last) + 1);
  response.writeHead(206, {
    'Content-Range': `bytes ${first}-${last}/${bytes.length}`,
    'Content-Length': body.length,
    ETag: '"e"',
  });
  response.end(body);
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const hook = faults.hook<never>('ecr');
  ecr = createEcr({
    dataDir,
    region: 'us-east-1',
    accountId: '000000000000',
    partSize: PART,
    faults: async (call) => {
      if (call.operation === 'UploadLayerPart')
        await delay(call.input.partFirstByte === 0 ? commit.first : commit.other);
      return hook(call);
    },
  });
  await client.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await ecr.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  seen.splice(0);
  faults.clear();
  commit = { first: 20, other: 20 };
});

let upload: LayerUpload;

/** Sends the layer to a new upload, two parts at once, and completes it where all was sent. */
async function send(...rules: Omit<FaultRule, 'service' | 'operation'>[]): Promise<SendingProgress> {
  faults.add(...rules.map((rule) => ({ service: 'ecr' as const, operation: 'UploadLayerPart', ...rule })));
  upload = await initiateUpload(ID);
  const progress = await sendParts(layer, ID, '000000000000', upload, { mayGoOn: () => true, inFlight: 2 });
  if (progress.allSent) expect(await completeUpload(ID, upload.uploadId, digest)).toBe('completed');
  return progress;
}

const onPart = (part: number) => ({ where: { partFirstByte: part * PART } });
const before = (first: string, second: string) =>
  seen.indexOf(first) >= 0 && seen.indexOf(first) < seen.indexOf(second);

test('a part is on the wire while the one before it is committed, and whole only after that was answered', async () => {
  commit = { first: 60, other: 60 };
  const progress = await send();
  expect(progress).toMatchObject({ allSent: true, bytesSent: bytes.length });
  expect(progress.upload.oneByOne).toBeUndefined();
  for (let part = 1; part < PARTS; part += 1) {
    expect([part, before(`${part} begun`, `${part - 1} answered`)]).toEqual([part, true]);
    expect([part, before(`${part - 1} answered`, `${part} whole`)]).toEqual([part, true]);
  }
});

test.each([
  ['its reply is lost', { kind: 'reply-lost' }],
  ['its connection is reset', { kind: 'reset' }],
  ['ECR has a fault of its own', { kind: 'server-error' }],
  ['ECR takes it partly', { kind: 'error', name: 'InvalidLayerPartException' }],
])('when %s, a part behind the gate goes again alone, and so do all after it', async (_, fault) => {
  const progress = await send({ ...onPart(2), fault });
  expect(progress).toMatchObject({ allSent: true, upload: { oneByOne: true } });
  expect(before('3 answered', '4 begun')).toBe(true);
  // One part was sent again, and the one behind it was begun once more at most.
  expect(progress.bytesSent).toBeGreaterThan(bytes.length);
  expect(progress.bytesSent).toBeLessThanOrEqual(bytes.length + 2 * PART);
});

test('when the reply to the first part is lost, what is behind it is given up and sent again', async () => {
  const progress = await send({ ...onPart(0), fault: { kind: 'reply-lost' } });
  expect(progress).toMatchObject({ allSent: true, upload: { oneByOne: true } });
  expect(progress.bytesSent).toBeLessThanOrEqual(bytes.length + 2 * PART);
});

test.each([0, 2])('an upload that ECR forgets at part %d is lost, and no part after it becomes whole', async (part) => {
  const progress = await send({ ...onPart(part), times: 3, fault: { kind: 'forget-upload' } });
  expect(progress).toMatchObject({ lost: 'UploadNotFound', allSent: false, upload: { nextByte: part * PART } });
  expect(seen).not.toContain(`${part + 1} whole`);
});

test('a part that waits longer than a request may is sent again alone', async () => {
  const requestHandler = client.config.requestHandler as unknown as {
    updateHttpClientConfig(key: string, value: number): void;
  };
  requestHandler.updateHttpClientConfig('requestTimeout', 2_500);
  commit = { first: 1_600, other: 0 };
  // The first part takes two tries, each in time; what waits behind it does not.
  const progress = await send({ ...onPart(0), fault: { kind: 'server-error' } });
  requestHandler.updateHttpClientConfig('requestTimeout', 60_000);
  expect(progress).toMatchObject({ allSent: true, upload: { oneByOne: true } });
  expect(progress.bytesSent).toBeGreaterThan(bytes.length + PART);
});

test('an upload that met an objection goes on one by one in the next invocation', async () => {
  upload = { ...(await initiateUpload(ID)), oneByOne: true };
  await sendParts(layer, ID, '000000000000', upload, { mayGoOn: () => true, inFlight: 2 });
  expect(seen.slice(0, 4)).toEqual(['0 begun', '0 whole', '0 answered', '1 begun']);
});

test('when the time is up, the parts under way are acknowledged, and no other is begun', async () => {
  upload = await initiateUpload(ID);
  let left = 3;
  const progress = await sendParts(layer, ID, '000000000000', upload, { mayGoOn: () => left-- > 0, inFlight: 2 });
  expect(progress).toMatchObject({ allSent: false, bytesSent: 3 * PART, upload: { nextByte: 3 * PART } });
  expect(progress.upload.oneByOne).toBeUndefined();
});

test('an error of S3 ends the call, and what is under way first', async () => {
  upload = await initiateUpload(ID);
  const beyond = { ...layer, from: { ...layer.from, key: 'gone' } };
  await expect(
    sendParts(beyond, ID, '000000000000', upload, { mayGoOn: () => true, inFlight: 2 }),
  ).rejects.toMatchObject({
    name: 'SourceGone',
  });
});
