import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  ChecksumAlgorithm,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { codeOf, type RawAnswer, type RunningS3, refusal, SIGNED, startS3 } from './support/running-s3';

let s3: RunningS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
  await s3.s3.createBucket('drop');
});
afterAll(() => s3.stop());

const SIGNATURE = 'a'.repeat(64);

/** A body in aws-chunked frames. */
function framed(frames: readonly Buffer[], options: { signed?: boolean; trailers?: readonly string[] } = {}): Buffer {
  const signature = options.signed ? `;chunk-signature=${SIGNATURE}` : '';
  const pieces = [...frames, Buffer.alloc(0)].flatMap((frame, index) => [
    Buffer.from(`${frame.length.toString(16)}${signature}\r\n`),
    frame,
    Buffer.from(index < frames.length ? '\r\n' : ''),
  ]);
  const trailers = (options.trailers ?? []).map((line) => `${line}\r\n`).join('');
  return Buffer.concat([...pieces, Buffer.from(`${trailers}\r\n`)]);
}

function base64Crc32(bytes: Buffer): string {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest.toString('base64');
}

const content = Buffer.alloc(20_000, 'slipway');
const frames = [content.subarray(0, 8192), content.subarray(8192, 16_384), content.subarray(16_384)];

const putRaw = (body: Buffer | string, headers: Record<string, string>): Promise<RawAnswer> =>
  s3.raw('PUT', '/drop/raw', { body, headers: { ...SIGNED, 'content-length': String(body.length), ...headers } });
const putFramed = (body: Buffer, kind: string, headers: Record<string, string> = {}) =>
  putRaw(body, { 'x-amz-content-sha256': kind, 'x-amz-decoded-content-length': '20000', ...headers });
const stored = async () => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'drop', Key: 'raw' }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

describe('a checksum', () => {
  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC|SHA1$|SHA256$)/.test(name)))(
    '%s is verified, kept, and told on request',
    async (algorithm) => {
      const put = { Bucket: 'drop', Key: algorithm, Body: '123456789', ChecksumAlgorithm: algorithm };
      const answer = await client.send(new PutObjectCommand(put));
      const field = `Checksum${algorithm}` as 'ChecksumCRC32';
      const known: Record<string, string> = {
        CRC32: Buffer.from('cbf43926', 'hex').toString('base64'),
        CRC32C: Buffer.from('e3069283', 'hex').toString('base64'),
        CRC64NVME: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
        SHA1: createHash('sha1').update('123456789').digest('base64'),
        SHA256: createHash('sha256').update('123456789').digest('base64'),
      };
      expect(answer[field]).toBe(known[algorithm]);
      const head = { Bucket: 'drop', Key: algorithm };
      const told = await client.send(new HeadObjectCommand({ ...head, ChecksumMode: 'ENABLED' }));
      expect(told).toMatchObject({ [field]: known[algorithm], ChecksumType: 'FULL_OBJECT' });
      const silent = s3.client({ responseChecksumValidation: 'WHEN_REQUIRED' });
      expect((await silent.send(new HeadObjectCommand(head)))[field]).toBeUndefined();
      const wrong = {
        ...put,
        [field]: Buffer.alloc(Buffer.from(answer[field] ?? '', 'base64').length).toString('base64'),
      };
      expect(await refusal(client.send(new PutObjectCommand(wrong)))).toEqual({ code: 'BadDigest', status: 400 });
    },
  );

  test('is CRC64NVME where the client has none', async () => {
    await putRaw('123456789', {});
    const head = new HeadObjectCommand({ Bucket: 'drop', Key: 'raw', ChecksumMode: 'ENABLED' });
    expect((await client.send(head)).ChecksumCRC64NVME).toBe('rosUhgp5mIg=');
  });

  test('is not told with a part of the object', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'drop', Key: 'part', Body: '123456789' }));
    const range = new GetObjectCommand({ Bucket: 'drop', Key: 'part', Range: 'bytes=0-3', ChecksumMode: 'ENABLED' });
    expect((await client.send(range)).ChecksumCRC32).toBeUndefined();
  });

  test.each([
    ['that is no base64 of its length', { 'x-amz-checksum-crc32': 'AAAA' }, 'InvalidRequest'],
    ['beside a second one', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': 'x' }, 'InvalidRequest'],
    ['of an unknown kind', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }, 'NotImplemented'],
    ['announced and not given', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest'],
    ['announced for a trailer that cannot be', { 'x-amz-trailer': 'x-amz-checksum-crc32' }, 'InvalidRequest'],
    ['MD5 that is wrong', { 'content-md5': Buffer.alloc(16).toString('base64') }, 'BadDigest'],
    ['MD5 that is none', { 'content-md5': 'bm9uZQ==' }, 'InvalidDigest'],
    ['hash of the body that is wrong', { 'x-amz-content-sha256': 'f'.repeat(64) }, 'XAmzContentSHA256Mismatch'],
    ['hash of the body that is none', { 'x-amz-content-sha256': 'yes' }, 'InvalidArgument'],
  ])('%s is refused', async (_what, headers, code) => {
    expect(codeOf(await putRaw('hello', headers as Record<string, string>))).toBe(code);
  });

  test('MD5 and hash of the body that are right are taken', async () => {
    const headers = {
      'content-md5': createHash('md5').update('hello').digest('base64'),
      'x-amz-content-sha256': createHash('sha256').update('hello').digest('hex'),
    };
    expect((await putRaw('hello', headers)).status).toBe(200);
  });
});

describe('a body in aws-chunked frames', () => {
  const unsigned = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' };
  const crc = `x-amz-checksum-crc32:${base64Crc32(content)}`;

  test('is unpacked when signed', async () => {
    const answer = await putFramed(framed(frames, { signed: true }), 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {
      'content-encoding': 'aws-chunked,gzip',
    });
    expect(answer.status).toBe(200);
    expect((await stored()).equals(content)).toBe(true);
    const { ContentEncoding } = await client.send(new HeadObjectCommand({ Bucket: 'drop', Key: 'raw' }));
    expect(ContentEncoding).toBe('gzip');
  });

  test('is unpacked when signed and followed by a trailer', async () => {
    const trailers = [crc, `x-amz-trailer-signature:${SIGNATURE}`];
    const body = framed(frames, { signed: true, trailers });
    expect((await putFramed(body, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', trailer)).status).toBe(200);
    expect((await stored()).equals(content)).toBe(true);
  });

  test('is unpacked when unsigned and followed by a trailer', async () => {
    const answer = await putFramed(framed(frames, { trailers: [crc] }), unsigned, trailer);
    expect(answer).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32': base64Crc32(content) } });
  });

  test.each<[string, Buffer, string]>([
    ['its trailer is wrong', framed(frames, { trailers: ['x-amz-checksum-crc32:AAAAAA=='] }), 'BadDigest'],
    ['its trailer is missing', framed(frames), 'MalformedTrailerError'],
    ['its trailer is no header', framed(frames, { trailers: ['nonsense'] }), 'MalformedTrailerError'],
    [
      'a middle frame is small',
      framed([content.subarray(0, 8000), content.subarray(8000)], { trailers: [crc] }),
      'InvalidChunkSizeError',
    ],
    ['it is shorter than announced', framed(frames.slice(0, 2), { trailers: [crc] }), 'IncompleteBody'],
    ['it is longer than announced', framed([content, frames[0] ?? content], { trailers: [crc] }), 'IncompleteBody'],
    [
      'it has a frame signature it should not have',
      framed(frames, { signed: true, trailers: [crc] }),
      'IncompleteBody',
    ],
    ['it is not in frames', content, 'IncompleteBody'],
    ['it ends inside a frame', framed(frames).subarray(0, 9000), 'IncompleteBody'],
    ['bytes follow it', Buffer.concat([framed(frames, { trailers: [crc] }), content]), 'IncompleteBody'],
  ])('is refused when %s', async (_what, body, code) => {
    await putRaw('before', {});
    expect(codeOf(await putFramed(body, unsigned, trailer))).toBe(code);
    expect((await stored()).toString()).toBe('before');
  });

  test('is refused without its decoded length', async () => {
    const headers = { ...SIGNED, ...trailer, 'x-amz-content-sha256': unsigned };
    expect(await s3.raw('PUT', '/drop/raw', { headers, body: framed(frames) })).toMatchObject({ status: 411 });
  });
});
