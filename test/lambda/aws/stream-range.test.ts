import { randomBytes } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 as client } from '../../../lambda/aws/clients/s3';
import { describeObject } from '../../../lambda/aws/source-object';
import { streamRange } from '../../../lambda/aws/stream-range';
import type { Fault } from '../../../local/s3';
import { ACCOUNT, type RunningS3, startS3 } from '../../local/s3/support/running-s3';

const FIRST = 512;
const object = randomBytes(5 * 1024 * 1024 + FIRST);
const range = object.subarray(FIRST);
const place = { Bucket: 'drop', Key: 'image.tar' };

const environment = process.env;
let s3: RunningS3;
let faults: Fault[] = [];
let asked: unknown[] = [];

beforeAll(async () => {
  const answers = ({ operation, input }: { operation: string; input: Record<string, unknown> }) => {
    if (operation !== 'GetObject') return undefined;
    asked.push(input.Range);
    return faults.shift();
  };
  s3 = await startS3({ faults: answers });
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${s3.port}`;
  process.env = { ...environment, ...credentials, AWS_ENDPOINT_URL, AWS_REGION: 'us-east-1' };
  await s3.s3.createBucket(place.Bucket);
  await put(object);
});

beforeEach(() => {
  faults = [];
  asked = [];
});

afterAll(async () => {
  process.env = environment;
  client.destroy();
  await s3.stop();
});

test('gives every byte by one request, to a slow reader as well', async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of await streamed()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    pieces.push(piece);
  }
  expect(Buffer.concat(pieces).equals(range)).toBe(true);
  expect(asked).toEqual([`bytes=${FIRST}-${object.length - 1}`]);
});

test('goes on from where a connection broke off, as often as one brings something', async () => {
  faults = [{ kind: 'short-read' }, { kind: 'short-read' }, { kind: 'short-read' }];
  const pieces: Uint8Array[] = [];
  for await (const piece of await streamed()) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(range)).toBe(true);
  expect(asked).toHaveLength(4);
  expect(new Set(asked).size).toBe(4);
});

test('goes on with the same version alone', async () => {
  const pieces = await streamed();
  faults = [{ kind: 'short-read' }];
  await pieces.next();
  await put(Buffer.from('another'));
  await expect(rest(pieces)).rejects.toMatchObject({ name: 'SourceChanged' });
  await put(object);
});

test('does not go on where nothing came', async () => {
  faults = [{ kind: 'whole-object' }];
  await expect(rest(await streamed())).rejects.toMatchObject({
    name: 'NetworkUnreachable',
    message: expect.stringContaining('with the whole object'),
  });
  expect(asked).toHaveLength(1);
});

test('gives the memory of a piece back where it may be used again, and not else', async () => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await streamed({ reused: true })) {
    expect(range.subarray(size, size + piece.length).equals(piece)).toBe(true);
    size += piece.length;
    pieces.push(piece);
  }
  expect(size).toBe(range.length);
  // Node 20 cannot.
  const isGiven = 'transfer' in ArrayBuffer.prototype;
  expect(pieces.filter(({ length }) => length === 0)).toHaveLength(isGiven ? pieces.length : 0);
});

test('a reader that stops early leaves a client that works', async () => {
  for await (const piece of await streamed()) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of await streamed()) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(range)).toBe(true);
});

async function streamed(options?: { reused: boolean }): Promise<AsyncGenerator<Uint8Array>> {
  const { version } = await describeObject({ bucket: place.Bucket, key: place.Key }, ACCOUNT);
  return streamRange(version, ACCOUNT, FIRST, range.length, options);
}

async function rest(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of pieces);
}

async function put(Body: Buffer): Promise<void> {
  await s3.client().send(new PutObjectCommand({ ...place, Body }));
}
