import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { aws } from '../../cli/aws';
import { verifyImage } from '../../cli/verify-image';
import { Receipt as ReceiptShape } from '../../lambda/contract/receipt';
import { dockerArchive } from '../support/docker-archive-builder';
import { layersOf } from '../support/image-parts';
import { ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());

const verify = (repository: string, digest = '') => verifyImage(aws(slipway.cloud.environment), repository, digest);
const digest = ({ receipt }: EndedPush) => receipt?.images[0]?.digest;

test('an OCI layout arrives with the manifest digest it has in the tarball', async () => {
  const layout = ociLayout({ layers: 2 });
  const push = await slipway.drop('team-a/oci/1.4.2.tar', layout.tarball.toBuffer());
  expect(push).toMatchObject({ status: 'SUCCEEDED', receipt: { layersSent: 3, restarts: 0 } });
  expect((await slipway.images())['team-a/oci:1.4.2']).toBe(layout.digest);
  expect(await verify('team-a/oci', layout.digest)).toMatchObject({ manifests: 1, blobs: 3 });
});

test('a multi-platform index arrives whole, its children untagged', async () => {
  const layout = ociLayout({ layers: 2, platforms: ['linux/amd64', 'linux/arm64'], seed: 7 });
  const push = await slipway.drop('team-a/multi/latest.tar', layout.tarball.toBuffer());
  expect(push.status).toBe('SUCCEEDED');
  expect(Object.entries(await slipway.images()).filter(([name]) => name.startsWith('team-a/multi'))).toEqual([
    ['team-a/multi:latest', layout.digest],
  ]);
  expect(await verify('team-a/multi', layout.digest)).toMatchObject({ manifests: 3 });
});

test.each(['docker', 'podman', 'ggcr', 'jib', 'nix', 'rules-oci', 'hardlinks'] as const)(
  'a docker archive as %s writes it keeps its config and its layers',
  async (style) => {
    const { tarball, images } = dockerArchive({ style, layers: 2, seed: 20 + style.length });
    const push = await slipway.drop(`team-a/${style}/1.0.tar`, tarball.toBuffer());
    expect(push.diagnosis).toBeUndefined();
    const receipt = await document<Receipt>(push, 'receipt');
    expect(receipt.images[0]?.layers[0]?.digest).toBe(images[0]?.configDigest);
    expect(await verify(`team-a/${style}`, digest(push))).toMatchObject({ manifests: 1, blobs: 3 });
  },
);

describe('the receipt', () => {
  const tarball = () => dockerArchive({ layers: 2, seed: 45, size: 20_000 });

  test('tells the version that was read, its SHA-256 where S3 keeps one, the execution and its times', async () => {
    const bytes = tarball().tarball.toBuffer();
    const key = 'team-a/known/1.tar';
    const put = { Bucket: slipway.cloud.dropBucket, Key: key, Body: bytes, ChecksumAlgorithm: 'SHA256' } as const;
    const { VersionId: versionId, ChecksumSHA256 } = await slipway.s3.send(new PutObjectCommand(put));
    await slipway.cloud.idle();
    const [executionArn = ''] = await slipway.executions();
    const receipt = ReceiptShape.parse(await document({ executionArn, status: '', states: [] }, 'receipt'));
    expect(receipt).toMatchObject({ executionArn, source: { key, versionId, size: bytes.length } });
    expect(receipt.source.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(receipt.source.checksum).toEqual({ algorithm: 'SHA256', type: 'FULL_OBJECT', value: ChecksumSHA256 });
    const [image] = receipt.images;
    const times = [receipt.startedAt, image?.outcome === 'pushed' ? image.putAt : '', receipt.writtenAt];
    expect(times).toEqual(times.map((time) => new Date(time).toISOString()).sort());
  });

  test('tells the checksum that S3 keeps, and makes no SHA-256 of another one', async () => {
    const push = await slipway.drop('team-a/unknown/1.tar', tarball().tarball.toBuffer());
    const { source } = ReceiptShape.parse(await document(push, 'receipt'));
    expect(source.checksum).toMatchObject({ type: 'FULL_OBJECT', value: expect.any(String) });
    expect(source.checksum?.algorithm).not.toBe('SHA256');
    expect(source).not.toHaveProperty('sha256');
  });

  test('tells for each layer that was compressed which digest it had, and which it has', async () => {
    const { images, tarball: archive } = dockerArchive({ layers: 2, seed: 46, size: 20_000 });
    const push = await slipway.drop('team-a/mapped/1.tar', archive.toBuffer());
    const [image] = ReceiptShape.parse(await document(push, 'receipt')).images;
    const [config, ...layers] = image?.outcome === 'pushed' ? image.layers : [];
    expect(config).toMatchObject({ digest: images[0]?.configDigest });
    expect(config).not.toHaveProperty('diffId');
    expect(layers.map(({ diffId }) => diffId)).toEqual(
      layersOf(2, { seed: 46, size: 20_000 }).map((one) => one.diffId),
    );
  });
});

test('a docker archive pushed twice has one digest, and the second push sends no layer', async () => {
  const bytes = dockerArchive({ layers: 2, seed: 40, size: 100_000 }).tarball.toBuffer();
  const first = await slipway.drop('team-a/twice/1.tar', bytes);
  const second = await slipway.drop('team-a/twice/2.tar', bytes);
  expect(digest(second)).toBe(digest(first));
  expect(first.receipt).toMatchObject({ layersSent: 3, layersSkipped: 0 });
  expect(second.receipt).toMatchObject({ layersSent: 0, bytesSent: 0, layersSkipped: 3 });
});

test('a layer that an earlier tarball had is not compressed again', async () => {
  const layers = layersOf(2, { seed: 50, size: 50_000 });
  await slipway.drop('team-a/base/1.tar', dockerArchive({ layers }).tarball.toBuffer());
  const more = dockerArchive({ layers: [...layers, ...layersOf(1, { seed: 51 })] });
  await slipway.drop('team-b/derived/1.tar', more.tarball.toBuffer());
  const staged = await slipway.s3.send(
    new GetObjectCommand({
      Bucket: slipway.cloud.workBucket,
      Key: `staged/gzip-5/${layers[0]?.diffId.replace(':', '-')}.json`,
    }),
  );
  const record = JSON.parse((await staged.Body?.transformToString()) ?? '') as { digest: string };
  expect((await verify('team-b/derived', (await slipway.images())['team-b/derived:1'])).blobs).toBe(4);
  expect(record.digest).toMatch(/^sha256:/);
});

test('several images in one tarball go each to its own repository under the folder', async () => {
  const { tarball } = dockerArchive({
    images: [
      { tags: ['registry.example:5000/web/front:3'], seed: 60 },
      { tags: ['docker.io/library/back:4'], seed: 61 },
    ],
  });
  const push = await slipway.drop('team-a/release.tar', tarball.toBuffer());
  expect(push.diagnosis).toBeUndefined();
  const images = Object.keys(await slipway.images());
  expect(images).toEqual(expect.arrayContaining(['team-a/web/front:3', 'team-a/back:4']));
});

test('a tarball at the top of the bucket goes where its own name says', async () => {
  const push = await slipway.drop('anything.tar', ociLayout({ seed: 70, name: 'own/name:9' }).tarball.toBuffer());
  expect(push.receipt?.images).toEqual([expect.objectContaining({ repository: 'own/name', tags: ['9'] })]);
});

test('metadata of the object names the destination before its key does', async () => {
  const push = await slipway.drop('team-a/x/1.tar', ociLayout({ seed: 80 }).tarball.toBuffer(), {
    'slipway-repository': 'elsewhere/app',
    'slipway-tags': '2,latest',
  });
  expect(push.receipt?.images).toEqual([
    expect.objectContaining({ repository: 'elsewhere/app', tags: ['2', 'latest'] }),
  ]);
});

test('the receipt says from which version of which object the image came', async () => {
  const bytes = ociLayout({ seed: 90 }).tarball.toBuffer();
  const push = await slipway.drop('team-a/receipt/1.tar', bytes);
  const receipt = await document<{ source: unknown }>(push, 'receipt');
  expect(receipt.source).toMatchObject({
    key: 'team-a/receipt/1.tar',
    size: bytes.length,
    versionId: expect.any(String),
  });
});

test('a folder marker starts nothing', async () => {
  const before = await slipway.executions();
  await slipway.put('team-a/folder/', new Uint8Array(0));
  await slipway.cloud.idle();
  expect(await slipway.executions()).toEqual(before);
});

interface Receipt {
  readonly images: { readonly layers: { readonly digest: string }[] }[];
}

async function document<T>({ executionArn }: EndedPush, name: string): Promise<T> {
  const Key = `pushes/${executionArn.split(':').at(-1)}/${name}.json`;
  const { Body } = await slipway.s3.send(new GetObjectCommand({ Bucket: slipway.cloud.workBucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as T;
}
