import { mkdir, readdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startS3 } from './support/running-s3';

test('a second life sees buckets, versions, metadata and open uploads of the first', async () => {
  // A clock that stands still: the sequencer must grow all the same.
  const first = await startS3({ now: () => 1_700_000_000_000 });
  await first.s3.createBucket('kept', { versioned: true });
  const client = first.client();
  const put = (Body: string) =>
    client.send(new PutObjectCommand({ Bucket: 'kept', Key: 'a//b', Body, Metadata: { m: 'v' } }));
  const { VersionId } = await put('old');
  await put('new');
  const open = { Bucket: 'kept', Key: 'mpu' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(open));
  const part = { ...open, UploadId, PartNumber: 1 };
  const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ ...part, Body: 'part' }));

  const second = await first.restart();
  try {
    const again = second.client();
    const { Body, Metadata } = await again.send(new GetObjectCommand({ Bucket: 'kept', Key: 'a//b' }));
    expect([await Body?.transformToString(), Metadata]).toEqual(['new', { m: 'v' }]);
    const { Versions } = await again.send(new ListObjectVersionsCommand({ Bucket: 'kept' }));
    expect(Versions?.map((version) => version.VersionId).at(-1)).toBe(VersionId);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
    await again.send(new CompleteMultipartUploadCommand({ ...open, UploadId, MultipartUpload }));
    expect((await again.send(new HeadObjectCommand(open))).ContentLength).toBe(4);
    expect((second.events.at(-1)?.sequencer ?? '') > (first.events.at(-1)?.sequencer ?? 'x')).toBe(true);
  } finally {
    await second.stop();
  }
});

test('a second life clears away what a killed writer left', async () => {
  const first = await startS3();
  await first.s3.createBucket('swept');
  await first.client().send(new PutObjectCommand({ Bucket: 'swept', Key: 'k', Body: 'x' }));
  await writeFile(join(first.dataDir, 'bodies', 'half-written'), 'half');
  await writeFile(join(first.dataDir, 'buckets', 'swept', 'objects', 'ff.json.1.draft'), '{"key":');
  await mkdir(join(first.dataDir, 'buckets', 'swept', 'uploads', 'begun-and-killed'));
  const second = await first.restart();
  try {
    expect((await second.client().send(new ListObjectsV2Command({ Bucket: 'swept' }))).KeyCount).toBe(1);
    expect(await readdir(join(second.dataDir, 'bodies'))).toHaveLength(1);
    expect(await readdir(join(second.dataDir, 'buckets', 'swept', 'uploads'))).toEqual([]);
  } finally {
    await second.stop();
  }
});

test('a data directory that was tampered with is named in the error', async () => {
  const first = await startS3();
  await first.s3.createBucket('broken');
  await writeFile(join(first.dataDir, 'buckets', 'broken', 'bucket.json'), 'not json');
  const second = await first.restart();
  try {
    await expect(second.s3.createBucket('other')).rejects.toThrow(/bucket\.json is not JSON/);
    expect(await second.raw('GET', '/broken')).toMatchObject({ status: 500 });
  } finally {
    await second.stop();
  }
});

test('an object that is replaced while it is read is read to its end', async () => {
  const s3 = await startS3();
  try {
    await s3.s3.createBucket('busy');
    const client = s3.client();
    const place = { Bucket: 'busy', Key: 'k' };
    const old = Buffer.alloc(24 * 1024 * 1024, 'old ');
    await client.send(new PutObjectCommand({ ...place, Body: old }));
    const { Body } = await client.send(new GetObjectCommand(place));
    await client.send(new PutObjectCommand({ ...place, Body: 'new' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(old)).toBe(true);
    const after = await client.send(new GetObjectCommand(place));
    expect(await after.Body?.transformToString()).toBe('new');
  } finally {
    await s3.stop();
  }
});

test('clients that go away in the midst of an answer leave nothing under way', async () => {
  const s3 = await startS3();
  try {
    await s3.s3.createBucket('left');
    const client = s3.client();
    const place = { Bucket: 'left', Key: 'k' };
    const size = 4 * 1024 * 1024;
    await client.send(new PutObjectCommand({ ...place, Body: Buffer.alloc(size) }));
    for (let most = 0; most < size; most += size / 128) {
      const body = (await client.send(new GetObjectCommand(place))).Body as IncomingMessage;
      let received = 0;
      body.on('data', (piece: Buffer) => {
        received += piece.length;
        if (received > most) body.destroy();
      });
      await finished(body).catch(() => undefined);
    }
    await expect(s3.s3.close()).resolves.toBeUndefined();
  } finally {
    await s3.stop();
  }
});
