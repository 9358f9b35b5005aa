import { gzipSync, zstdCompressSync } from 'node:zlib';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { aws } from '../../cli/aws';
import { verifyImage } from '../../cli/verify-image';
import { dockerArchive } from '../support/docker-archive-builder';
import { ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';
import { file, tarball } from '../support/tar-writer';
import { skippableFrame } from '../support/zstd-frames';

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

const gzipped = (bytes: Buffer) => {
  const half = Math.floor(bytes.length / 2);
  return Buffer.concat([gzipSync(bytes.subarray(0, half)), gzipSync(bytes.subarray(half))]);
};
const zstandard = (bytes: Buffer) => {
  const half = Math.floor(bytes.length / 2);
  const frames = [zstdCompressSync(bytes.subarray(0, half)), zstdCompressSync(bytes.subarray(half))];
  return Buffer.concat([skippableFrame('first'), ...frames.flatMap((frame) => [frame, skippableFrame('')])]);
};

test.each([
  ['team-a/gz/1.4.2.tar.gz', gzipped],
  ['team-a/tgz/1.4.2.tgz', gzipped],
  ['team-a/zst/1.4.2.tar.zst', zstandard],
  ['team-a/named-plain/1.4.2.tar', zstandard],
])('an OCI layout dropped as %s arrives with the manifest digest it has inside', async (key, compress) => {
  const layout = ociLayout({ layers: 2, seed: key.length, size: 100_000 });
  const push = await slipway.drop(key, compress(layout.tarball.toBuffer()));
  expect(push.diagnosis).toBeUndefined();
  const repository = key.slice(0, key.lastIndexOf('/'));
  expect((await slipway.images())[`${repository}:1.4.2`]).toBe(layout.digest);
  expect(await verify(repository, layout.digest)).toMatchObject({ manifests: 1, blobs: 3 });
});

test.each([
  ['gzip', gzipped],
  ['zstd', zstandard],
] as const)(
  'a docker archive compressed with %s becomes the image that the plain one becomes',
  async (name, compress) => {
    const plain = dockerArchive({ layers: 2, seed: 30 + name.length, size: 100_000 }).tarball.toBuffer();
    const compressed = await slipway.drop(`team-a/docker-${name}/1.0.tar`, compress(plain));
    expect(compressed.receipt).toMatchObject({ layersSent: 3 });
    const again = await slipway.drop(`team-a/docker-${name}/2.0.tar`, plain);
    expect(again.receipt).toMatchObject({ layersSent: 0, bytesSent: 0 });
    expect(again.receipt?.images[0]?.digest).toBe(compressed.receipt?.images[0]?.digest);
  },
);

test('the receipt names the object that was dropped, and says that it was unpacked', async () => {
  const plain = ociLayout({ seed: 40 }).tarball.toBuffer();
  const dropped = gzipSync(plain);
  const push = await slipway.drop('team-a/receipt/1.tar.gz', dropped);
  const { source, notes } = await receiptOf(push);
  expect(source).toMatchObject({
    bucket: slipway.cloud.dropBucket,
    key: 'team-a/receipt/1.tar.gz',
    size: dropped.length,
  });
  expect(notes).toContain(
    `the tarball is compressed as a whole: its ${dropped.length} bytes were unpacked to ${plain.length}`,
  );
});

test('a version that was unpacked before is not unpacked again, and sends nothing again', async () => {
  const key = 'team-a/twice/1.tar.gz';
  await slipway.drop(key, gzipSync(ociLayout({ seed: 50, layers: 2 }).tarball.toBuffer()));
  const before = await unpacked();
  // Only a whole unpacked tarball lets this push end: no new one can be begun.
  slipway.cloud.faults.add({
    service: 's3',
    operation: 'CreateMultipartUpload',
    times: 100,
    fault: { kind: 'error', name: 'AccessDenied', message: 'no', status: 403 },
  });
  const second = await slipway.startExecution({ source: { bucket: slipway.cloud.dropBucket, key } });
  expect(second.receipt).toMatchObject({ layersSent: 0, bytesSent: 0, layersSkipped: 3 });
  expect(await unpacked()).toEqual(before);
});

test('a function that is killed while it unpacks leaves nothing visible, and the next one begins anew', async () => {
  const before = await unpacked();
  const layout = ociLayout({ seed: 60, layers: 1, size: 40_000_000 });
  slipway.cloud.faults.add(
    // The second part never gets an answer, so that the function dies between the first and the end.
    { service: 's3', operation: 'UploadPart', where: { PartNumber: 2 }, fault: { kind: 'hang' } },
    { service: 'lambda', operation: 'InspectTarball', fault: { kind: 'kill-after-ms', ms: 4_000 } },
  );
  const push = await slipway.drop('team-a/killed/1.tar.gz', gzipSync(layout.tarball.toBuffer(), { level: 1 }));
  expect(push.diagnosis).toBeUndefined();
  expect((await slipway.images())['team-a/killed:1']).toBe(layout.digest);
  expect(await unpacked()).toHaveLength(before.length + 1);
  // The one that the killed function began: a lifecycle rule removes it.
  expect(await uploadsUnderway()).toHaveLength(1);
});

const layout = ociLayout({ seed: 70, layers: 2, size: 20_000 }).tarball.toBuffer();

test.each([
  ['cut-gz', gzipSync(layout).subarray(0, -20), 'OuterCorrupt', 'ends early'],
  ['cut-zst', zstdCompressSync(layout).subarray(0, -20), 'OuterCorrupt', 'ends inside the frame'],
  ['junk', Buffer.concat([gzipSync(layout), Buffer.from('junk')]), 'OuterCorrupt', 'incorrect header check'],
  ['double', zstdCompressSync(gzipSync(layout)), 'Unsupported', 'is gzip data'],
  ['page', gzipSync('<!DOCTYPE html><html>'), 'NotAnArchive', 'an HTML page'],
  ['nothing', gzipSync(''), 'EmptyObject', 'has no bytes'],
  ['xz', Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), 'Unsupported', 'xz data'],
  ['bzip2', Buffer.from('BZh91AY&SY'), 'Unsupported', 'bzip2 data'],
])('%s: refused by name, nothing unpacked stays, the drop does', async (name, bytes, code, cause) => {
  const before = [await unpacked(), await uploadsUnderway(), await slipway.images()];
  const push = await slipway.drop(`team-a/bad-${name}/1.tar.gz`, bytes);
  expect(push.diagnosis).toMatchObject({ code, step: 'InspectTarball', cause: expect.stringContaining(cause) });
  expect(push.states.filter((state) => state === 'InspectTarball')).toHaveLength(1);
  expect([await unpacked(), await uploadsUnderway(), await slipway.images()]).toEqual(before);
});

test('a sound stream around a broken tar fails as the plain tar would', async () => {
  const broken = tarball([file('manifest.json', '[]')], { truncateAt: 513 }).toBuffer();
  const push = await slipway.drop('team-a/broken/1.tar.gz', gzipSync(broken));
  expect(push.diagnosis).toMatchObject({ code: 'TarTruncated', subject: expect.stringMatching(/broken\/1\.tar\.gz$/) });
});

const verify = (repository: string, digest: string) => verifyImage(aws(slipway.cloud.environment), repository, digest);

async function unpacked(): Promise<(string | undefined)[]> {
  const list = new ListObjectsV2Command({ Bucket: slipway.cloud.workBucket, Prefix: 'unpacked/' });
  return ((await slipway.s3.send(list)).Contents ?? []).map(({ Key }) => Key);
}

async function uploadsUnderway(): Promise<(string | undefined)[]> {
  const list = new ListMultipartUploadsCommand({ Bucket: slipway.cloud.workBucket });
  return ((await slipway.s3.send(list)).Uploads ?? []).map(({ UploadId }) => UploadId);
}

async function receiptOf({ receipt }: EndedPush): Promise<{ source: unknown; notes: string[] }> {
  const { bucket: Bucket, key: Key } = receipt?.receipt ?? {};
  const { Body } = await slipway.s3.send(new GetObjectCommand({ Bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as { source: unknown; notes: string[] };
}
