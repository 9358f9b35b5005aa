import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  CopyObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ACCOUNT, codeOf, type RunningS3, refusal, SIGNED, startS3 } from './support/running-s3';

let s3: RunningS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
  await s3.s3.createBucket('drop');
});
afterAll(() => s3.stop());

const put = (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: 'drop', Key, Body, ...more }));
const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
  client.send(new GetObjectCommand({ Bucket: 'drop', Key, ...more }));
const text = async (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
  (await get(Key, more)).Body?.transformToString();

describe('an object that is put', () => {
  test('comes back with its bytes, headers and metadata', async () => {
    const answer = await put('plain', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      Metadata: { 'slipway-tags': '1.0, 2.0' },
    });
    const found = await get('plain');
    expect(await found.Body?.transformToString()).toBe('hello');
    expect(found).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentDisposition: 'inline',
      ContentEncoding: 'identity',
      ContentLength: 5,
      Metadata: { 'slipway-tags': '1.0, 2.0' },
      ETag: `"${createHash('md5').update('hello').digest('hex')}"`,
    });
    expect(found.ETag).toBe(answer.ETag);
    expect(found.VersionId).toBeUndefined();
  });

  test('may be empty', async () => {
    await put('empty', '', { ContentLength: 0 });
    expect(await get('empty')).toMatchObject({ ContentLength: 0 });
    expect(await refusal(get('empty', { Range: 'bytes=0-' }))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  test('may be a stream of unknown kind, sent in frames with a trailer', async () => {
    const body = Buffer.alloc(200_000, 'slipway');
    await put('stream', Readable.from([body.subarray(0, 65_536), body.subarray(65_536)]), { ContentLength: 200_000 });
    const found = await get('stream');
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(found.ContentEncoding).toBeUndefined();
  });

  test('replaces the one before it', async () => {
    await put('twice', 'first');
    await put('twice', 'second');
    expect(await text('twice')).toBe('second');
  });

  test.each([
    'a//b',
    'a/../b',
    'a/./b',
    '/lead',
    'folder/',
    'ä 日本 😀',
    'a+b c%20d',
    '100%',
    'q?x=1#f',
    '..',
    'a\\b',
    'a\u0301',
  ])('keeps the key %j as it is', async (key) => {
    await put(key, key);
    expect(await text(key)).toBe(key);
    expect(s3.events.at(-1)).toMatchObject({ key, bucket: 'drop', reason: 'PutObject' });
  });

  test('is told once, with what the event needs', async () => {
    const before = s3.events.length;
    const { ETag } = await put('told', 'abc');
    expect(s3.events.slice(before)).toEqual([
      {
        bucket: 'drop',
        key: 'told',
        size: 3,
        etag: ETag?.replaceAll('"', ''),
        sequencer: expect.stringMatching(/^[0-9A-F]{16,}$/),
        reason: 'PutObject',
        time: expect.any(Number),
      },
    ]);
  });
});

describe('a read', () => {
  beforeAll(() => put('digits', '0123456789'));

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('of range %s answers the part alone', async (Range, expected, ContentRange) => {
    const found = await get('digits', { Range });
    expect(found).toMatchObject({ ContentRange, ContentLength: expected.length, $metadata: { httpStatusCode: 206 } });
    expect(await found.Body?.transformToString()).toBe(expected);
  });

  test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('of range %s outside the object is refused', async (Range) => {
    expect(await refusal(get('digits', { Range }))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  test.each(['bytes=0-1,4-5', 'bytes=5-2', 'lines=1-2'])(
    'of %s, which is no single range, answers all',
    async (Range) => {
      const answer = await s3.raw('GET', '/drop/digits', { headers: { ...SIGNED, range: Range } });
      expect(answer).toMatchObject({ status: 200, body: '0123456789' });
    },
  );

  test('holds to its conditions', async () => {
    const { ETag, LastModified } = await client.send(new HeadObjectCommand({ Bucket: 'drop', Key: 'digits' }));
    const later = new Date((LastModified?.getTime() ?? 0) + 60_000);
    const earlier = new Date((LastModified?.getTime() ?? 0) - 60_000);
    expect(await text('digits', { IfMatch: ETag, IfUnmodifiedSince: earlier })).toBe('0123456789');
    expect(await refusal(get('digits', { IfMatch: '"other"' }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect((await refusal(get('digits', { IfUnmodifiedSince: earlier }))).status).toBe(412);
    expect((await refusal(get('digits', { IfNoneMatch: ETag }))).status).toBe(304);
    expect((await refusal(get('digits', { IfModifiedSince: later }))).status).toBe(304);
    expect(await text('digits', { IfNoneMatch: '"other"', IfModifiedSince: later })).toBe('0123456789');
  });

  test('can have its answer dressed by the request', async () => {
    const found = await get('digits', { ResponseContentType: 'text/csv', ResponseContentDisposition: 'attachment' });
    expect(found).toMatchObject({ ContentType: 'text/csv', ContentDisposition: 'attachment' });
  });

  test('of a missing key or bucket names what is missing', async () => {
    expect(await refusal(get('nowhere'))).toEqual({ code: 'NoSuchKey', status: 404 });
    const elsewhere = new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' });
    expect(await refusal(client.send(elsewhere))).toEqual({ code: 'NoSuchBucket', status: 404 });
    const head = new HeadObjectCommand({ Bucket: 'drop', Key: 'nowhere' });
    expect(await refusal(client.send(head))).toEqual({ code: 'NotFound', status: 404 });
  });

  test('of an archived object is refused until it is restored', async () => {
    await put('cold', 'ice', { StorageClass: 'DEEP_ARCHIVE' });
    expect(await refusal(get('cold'))).toEqual({ code: 'InvalidObjectState', status: 403 });
  });

  test('names the owner it expects', async () => {
    expect(await text('digits', { ExpectedBucketOwner: ACCOUNT })).toBe('0123456789');
    const foreign = get('digits', { ExpectedBucketOwner: '999999999999' });
    expect(await refusal(foreign)).toEqual({ code: 'AccessDenied', status: 403 });
  });

  test('finds the bucket in the host name too', async () => {
    const headers = { ...SIGNED, host: `drop.localhost:${s3.port}` };
    expect(await s3.raw('GET', '/digits', { headers })).toMatchObject({ status: 200, body: '0123456789' });
    const aws = { ...SIGNED, host: 'drop.s3.eu-west-1.amazonaws.com' };
    expect(await s3.raw('GET', '/digits', { headers: aws })).toMatchObject({ status: 200, body: '0123456789' });
  });
});

describe('a write', () => {
  test('with If-None-Match: * makes new objects only', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toEqual({
      code: 'PreconditionFailed',
      status: 412,
    });
    expect(await text('once')).toBe('first');
  });

  test('with If-None-Match: * is won by one of several at a time', async () => {
    const all = await Promise.allSettled([1, 2, 3, 4].map((n) => put('race', `${n}`, { IfNoneMatch: '*' })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('with If-Match replaces that object only', async () => {
    const { ETag } = await put('guarded', 'first');
    await put('guarded', 'second', { IfMatch: ETag });
    expect(await refusal(put('guarded', 'third', { IfMatch: ETag }))).toEqual({
      code: 'PreconditionFailed',
      status: 412,
    });
    expect(await refusal(put('unborn', 'x', { IfMatch: ETag }))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  test('of more than S3 keeps is refused', async () => {
    expect((await refusal(put('k'.repeat(1025), 'x'))).code).toBe('KeyTooLongError');
    expect((await refusal(put('m', 'x', { Metadata: { big: 'x'.repeat(2048) } }))).code).toBe('MetadataTooLarge');
    const headers = { ...SIGNED, 'content-length': String(5 * 1024 ** 3 + 1) };
    expect(codeOf(await s3.raw('PUT', '/drop/huge', { headers }))).toBe('EntityTooLarge');
  });

  test('that asks for what is not done here is refused, not half done', async () => {
    expect(await refusal(put('tagged', 'x', { Tagging: 'a=b' }))).toEqual({ code: 'NotImplemented', status: 501 });
    expect((await refusal(put('open', 'x', { ACL: 'public-read' }))).code).toBe('AccessControlListNotSupported');
    expect((await refusal(put('classy', 'x', { StorageClass: 'GOLD' as 'STANDARD' }))).code).toBe('InvalidArgument');
    expect((await refusal(get('tagged'))).code).toBe('NoSuchKey');
  });

  test('without a length is refused', async () => {
    const headers = { ...SIGNED, 'transfer-encoding': 'chunked' };
    expect(await s3.raw('PUT', '/drop/endless', { headers, body: 'x' })).toMatchObject({ status: 501 });
  });

  test('that breaks off makes nothing and leaves nothing behind', async () => {
    const socket = await s3.socket();
    const head = Object.entries({ ...SIGNED, host: 'x', 'content-length': '1000' }).map(([n, v]) => `${n}: ${v}\r\n`);
    const closed = new Promise((resolve) => socket.resume().once('close', resolve));
    socket.end(`PUT /drop/broken HTTP/1.1\r\n${head.join('')}\r\nonly this`);
    await closed;
    expect((await refusal(get('broken'))).code).toBe('NoSuchKey');
    expect(s3.events.some(({ key }) => key === 'broken')).toBe(false);
    const referred = (await client.send(new ListObjectsV2Command({ Bucket: 'drop' }))).KeyCount;
    // The file goes after the connection does.
    const files = () => readdir(join(s3.dataDir, 'bodies'));
    for (let tries = 0; tries < 50 && (await files()).length > (referred ?? 0); tries += 1) await setTimeout(100);
    expect(await files()).toHaveLength(referred ?? 0);
  });
});

describe('a copy', () => {
  const copy = (Key: string, more: object = {}) =>
    client.send(new CopyObjectCommand({ Bucket: 'drop', Key, CopySource: 'drop/source%20%2B', ...more }));

  beforeAll(() => put('source +', 'the bytes', { ContentType: 'text/plain', Metadata: { a: 'b' } }));

  test('has the bytes and the metadata of its source', async () => {
    const { CopyObjectResult } = await copy('copied');
    const found = await get('copied');
    expect(await found.Body?.transformToString()).toBe('the bytes');
    expect(found).toMatchObject({ ETag: CopyObjectResult?.ETag, ContentType: 'text/plain', Metadata: { a: 'b' } });
    expect(s3.events.at(-1)).toMatchObject({ key: 'copied', reason: 'CopyObject' });
  });

  test('can have metadata of its own', async () => {
    await copy('renamed', { MetadataDirective: 'REPLACE', Metadata: { c: 'd' } });
    expect((await get('renamed')).Metadata).toEqual({ c: 'd' });
  });

  test('onto itself needs a change', async () => {
    expect((await refusal(copy('source +'))).code).toBe('InvalidRequest');
  });

  test('holds to the conditions on its source', async () => {
    expect((await refusal(copy('x', { CopySourceIfMatch: '"other"' }))).code).toBe('PreconditionFailed');
    expect((await refusal(copy('x', { CopySource: 'drop/nowhere' }))).code).toBe('NoSuchKey');
  });
});
