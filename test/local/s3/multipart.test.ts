import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { codeOf, type RunningS3, refusal, SIGNED, startS3 } from './support/running-s3';

const MIN_PART = 5 * 1024 * 1024;
const Bucket = 'drop';
let s3: RunningS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
  await s3.s3.createBucket(Bucket);
});
afterAll(() => s3.stop());

const partBytes = (seed: number, size = MIN_PART) => Buffer.alloc(size, `part ${seed} `);
const begin = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? '';
const send = async (Key: string, UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> => {
  const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ...(ETag ? { ETag } : {}), ...(ChecksumCRC32 ? { ChecksumCRC32 } : {}) };
};
const complete = (Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
  client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
const read = async (Key: string, Range?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range ? { Range } : {}) }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

describe('a multipart upload', () => {
  test('by lib-storage, of a stream, arrives whole', async () => {
    const content = Buffer.concat([partBytes(1), partBytes(2), partBytes(3, 1000)]);
    const params = { Bucket, Key: 'streamed', Body: Readable.from(content), Metadata: { a: 'b' } };
    await new Upload({ client, params, partSize: MIN_PART }).done();
    expect((await read('streamed')).equals(content)).toBe(true);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'streamed', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ Metadata: { a: 'b' }, ChecksumType: 'COMPOSITE', ContentLength: content.length });
    expect(head.ChecksumCRC32).toMatch(/^[\w+/]+=*-3$/);
    expect(s3.events.at(-1)).toMatchObject({
      key: 'streamed',
      reason: 'CompleteMultipartUpload',
      size: content.length,
    });
  });

  test('becomes one object when it is completed, with the parts named and in their order', async () => {
    const id = await begin('whole', { ContentType: 'application/x-tar' });
    const [second, first] = await Promise.all([
      send('whole', id, 7, partBytes(7, 500)),
      send('whole', id, 2, partBytes(2)),
      send('whole', id, 9, partBytes(9, 10)),
    ]);
    expect((await refusal(read('whole'))).code).toBe('NoSuchKey');
    const { ETag } = await complete('whole', id, [first, second] as CompletedPart[]);
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
    const expected = md5(Buffer.concat([md5(partBytes(2)), md5(partBytes(7, 500))])).toString('hex');
    expect(ETag).toBe(`"${expected}-2"`);
    expect((await read('whole')).equals(Buffer.concat([partBytes(2), partBytes(7, 500)]))).toBe(true);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'whole' }));
    expect(head.ContentType).toBe('application/x-tar');
    expect((await refusal(complete('whole', id, [first, second] as CompletedPart[]))).code).toBe('NoSuchUpload');
  });

  test('can be read by range across its parts, and part by part', async () => {
    const id = await begin('ranges');
    const parts = [await send('ranges', id, 1, partBytes(1)), await send('ranges', id, 2, partBytes(2, 64))];
    await complete('ranges', id, parts);
    const across = Buffer.concat([partBytes(1).subarray(-10), partBytes(2, 64).subarray(0, 10)]);
    expect((await read('ranges', `bytes=${MIN_PART - 10}-${MIN_PART + 9}`)).equals(across)).toBe(true);
    const second = await client.send(new GetObjectCommand({ Bucket, Key: 'ranges', PartNumber: 2 }));
    expect(second).toMatchObject({ PartsCount: 2, ContentLength: 64, $metadata: { httpStatusCode: 206 } });
    expect(Buffer.from((await second.Body?.transformToByteArray()) ?? []).equals(partBytes(2, 64))).toBe(true);
    const third = client.send(new GetObjectCommand({ Bucket, Key: 'ranges', PartNumber: 3 }));
    expect((await refusal(third)).status).toBe(416);
  });

  test('takes a part a second time in place of the first', async () => {
    const id = await begin('again');
    const first = await send('again', id, 1, partBytes(1, 10));
    const second = await send('again', id, 1, partBytes(2, 10));
    expect((await refusal(complete('again', id, [first]))).code).toBe('InvalidPart');
    await complete('again', id, [second]);
    expect((await read('again')).equals(partBytes(2, 10))).toBe(true);
  });

  test('is completed by the list S3 would take, and by no other', async () => {
    const id = await begin('strict');
    const small = await send('strict', id, 1, partBytes(1, 100));
    const last = await send('strict', id, 2, partBytes(2, 100));
    const codes = await Promise.all(
      [
        complete('strict', id, [last, small]),
        complete('strict', id, [last, last]),
        complete('strict', id, [small, last]),
        complete('strict', id, [{ ...last, PartNumber: 3 }]),
        complete('strict', id, [{ ...last, ETag: '"ff"' }]),
        complete('strict', id, [{ ...last, ChecksumCRC32: 'AAAAAA==' }]),
        complete('strict', id, [{ PartNumber: 2, ...(last.ETag ? { ETag: last.ETag } : {}) }]),
        complete('strict', id, []),
        complete('strict', id, [last], { MpuObjectSize: 99 }),
        complete('other-key', id, [last]),
      ].map(async (call) => (await refusal(call)).code),
    );
    expect(codes).toEqual([
      'InvalidPartOrder',
      'InvalidPartOrder',
      'EntityTooSmall',
      'InvalidPart',
      'InvalidPart',
      'InvalidPart',
      'InvalidPart',
      'MalformedXML',
      'InvalidRequest',
      'NoSuchUpload',
    ]);
    await complete('strict', id, [last], { MpuObjectSize: 100 });
  });

  test('takes a document that is no XML for what it is', async () => {
    const id = await begin('malformed');
    const path = `/drop/malformed?uploadId=${id}`;
    for (const body of ['<CompleteMultipartUpload><Part>', '<Other/>', 'text']) {
      expect(codeOf(await s3.raw('POST', path, { body, headers: SIGNED }))).toBe('MalformedXML');
    }
  });

  test('refuses parts whose checksum is not the kind agreed on', async () => {
    const id = await begin('kinds', { ChecksumAlgorithm: 'SHA256' });
    const part = { Bucket, Key: 'kinds', UploadId: id, PartNumber: 1, Body: 'x' };
    const wrong = client.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'CRC32' }));
    expect((await refusal(wrong)).code).toBe('InvalidRequest');
    const { ETag = '', ChecksumSHA256 = '' } = await client.send(
      new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA256' }),
    );
    expect((await refusal(complete('kinds', id, [{ PartNumber: 1, ETag }]))).code).toBe('InvalidRequest');
    const done = await complete('kinds', id, [{ PartNumber: 1, ETag, ChecksumSHA256 }]);
    expect(done).toMatchObject({ ChecksumSHA256: expect.stringMatching(/-1$/), ChecksumType: 'COMPOSITE' });
  });

  test('without checksums goes by CRC64NVME, worked out on the side', async () => {
    const bare = s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const id = await begin('bare');
    const part = { Bucket, Key: 'bare', UploadId: id, PartNumber: 1, Body: '123456789' };
    const { ETag = '', ChecksumCRC64NVME: told } = await bare.send(new UploadPartCommand(part));
    expect(told).toBeUndefined();
    expect((await complete('bare', id, [{ PartNumber: 1, ETag }])).ChecksumCRC64NVME).toBe('rosUhgp5mIg=');
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'has a full-object %s, the same as of one put',
    async (algorithm) => {
      const Key = `full-${algorithm}`;
      const content = Buffer.concat([partBytes(1), partBytes(2, 12_345)]);
      const kind = { ChecksumAlgorithm: algorithm };
      const put = await client.send(new PutObjectCommand({ Bucket, Key: 'one-put', Body: content, ...kind }));
      const id = await begin(Key, { ...kind, ChecksumType: 'FULL_OBJECT' });
      const upload = { Bucket, Key, UploadId: id, ...kind };
      const first = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: partBytes(1) }));
      const second = await client.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: partBytes(2, 12_345) }));
      const parts = [first, second].map(({ ETag }, index) => ({ PartNumber: index + 1, ...(ETag ? { ETag } : {}) }));
      const field = `Checksum${algorithm}` as const;
      const wrong = complete(Key, id, parts, { [field]: first[field], ChecksumType: 'FULL_OBJECT' });
      expect((await refusal(wrong)).code).toBe('BadDigest');
      const done = await complete(Key, id, parts, { [field]: put[field], ChecksumType: 'FULL_OBJECT' });
      expect(done).toMatchObject({ [field]: put[field], ChecksumType: 'FULL_OBJECT' });
    },
  );

  test('is gone when it is aborted, with the bytes of its parts', async () => {
    const before = await readdir(join(s3.dataDir, 'bodies'));
    const id = await begin('given-up');
    await send('given-up', id, 1, partBytes(1, 10));
    const abort = () => client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'given-up', UploadId: id }));
    await abort();
    expect(await readdir(join(s3.dataDir, 'bodies'))).toEqual(before);
    expect((await refusal(abort())).code).toBe('NoSuchUpload');
    expect((await refusal(send('given-up', id, 2, partBytes(2, 10)))).code).toBe('NoSuchUpload');
  });

  test('can take its parts from other objects', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const id = await begin('from-copies');
    const copy = (range?: string) =>
      client.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: 'from-copies',
          UploadId: id,
          PartNumber: 1,
          CopySource: 'drop/source',
          ...(range ? { CopySourceRange: range } : {}),
        }),
      );
    expect((await refusal(copy('bytes=5-10'))).code).toBe('InvalidArgument');
    expect((await refusal(copy('bytes=5-'))).code).toBe('InvalidArgument');
    const { CopyPartResult } = await copy('bytes=2-4');
    const { ETag = '', ChecksumCRC32 = '' } = CopyPartResult ?? {};
    await complete('from-copies', id, [{ PartNumber: 1, ETag, ChecksumCRC32 }]);
    expect((await read('from-copies')).toString()).toBe('234');
  });

  test('refuses part numbers S3 does not have', async () => {
    const id = await begin('numbers');
    expect((await refusal(send('numbers', id, 0, partBytes(1, 1)))).code).toBe('InvalidArgument');
    expect((await refusal(send('numbers', id, 10_001, partBytes(1, 1)))).code).toBe('InvalidArgument');
  });
});

describe('the lists of multipart uploads', () => {
  test('name the parts of one, page by page', async () => {
    const id = await begin('listed');
    for (const number of [3, 1, 2]) await send('listed', id, number, partBytes(number, number));
    const list = (PartNumberMarker?: string) =>
      client.send(
        new ListPartsCommand({
          Bucket,
          Key: 'listed',
          UploadId: id,
          MaxParts: 2,
          ...(PartNumberMarker ? { PartNumberMarker } : {}),
        }),
      );
    const page = await list();
    expect(page.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(page.IsTruncated).toBe(true);
    const rest = await list(page.NextPartNumberMarker);
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
    expect(rest.IsTruncated).toBe(false);
  });

  test('name all that are open, page by page', async () => {
    await s3.s3.createBucket('open-uploads');
    const start = (Key: string) => client.send(new CreateMultipartUploadCommand({ Bucket: 'open-uploads', Key }));
    for (const key of ['b', 'a/1', 'a/2', 'c', 'b']) await start(key);
    const keys: string[] = [];
    let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (let more: boolean | undefined = true; more; ) {
      const page: Awaited<ReturnType<typeof listUploads>> = await listUploads(marker);
      keys.push(
        ...(page.Uploads ?? []).map(({ Key = '' }) => Key),
        ...(page.CommonPrefixes ?? []).map((p) => p.Prefix ?? ''),
      );
      const { NextKeyMarker = '', NextUploadIdMarker = '' } = page;
      marker = { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker };
      more = page.IsTruncated;
    }
    expect(keys).toEqual(['a/', 'b', 'b', 'c']);
  });
});

function listUploads(marker: { KeyMarker?: string; UploadIdMarker?: string }) {
  return client.send(
    new ListMultipartUploadsCommand({ Bucket: 'open-uploads', Delimiter: '/', MaxUploads: 1, ...marker }),
  );
}
