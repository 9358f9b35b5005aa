import { gzipSync } from 'node:zlib';
import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { aws } from '../../cli/aws';
import { verifyImage } from '../../cli/verify-image';
import { dockerArchive } from '../support/docker-archive-builder';
import { digestOf, layerOf, layersOf } from '../support/image-parts';
import { ociLayout } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';
import type { Tarball } from '../support/tar-writer';

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());

const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';

describe('plain layers staged as zstd', () => {
  test('arrive under an OCI manifest, and can be pulled', async () => {
    const { tarball } = dockerArchive({ layers: [...layersOf(2, { seed: 1, size: 300_000 }), layerOf()] });
    const push = await pushed(tarball, 'zstd/app', { compression: 'zstd' });
    expect(push.diagnosis).toBeUndefined();
    const digest = push.receipt?.images[0]?.digest ?? '';
    expect(await verify('zstd/app', digest)).toMatchObject({ manifests: 1, blobs: 4 });
    const manifest = await manifestOf('zstd/app', digest);
    expect(manifest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
    expect(manifest.config.mediaType).toBe('application/vnd.oci.image.config.v1+json');
    expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([ZSTD, ZSTD, ZSTD]);
  });

  test('are found again by the next push, which sends nothing', async () => {
    const { tarball } = dockerArchive({ layers: 2, seed: 2, size: 50_000 });
    const first = await pushed(tarball, 'zstd/again', { compression: 'zstd' });
    const before = await staged('zstd-1');
    const second = await pushed(tarball, 'zstd/again', { compression: 'zstd' });
    expect(second.receipt).toMatchObject({ layersSent: 0, bytesSent: 0, images: first.receipt?.images });
    expect(await staged('zstd-1')).toEqual(before);
  });

  test('lie beside those of gzip: one tarball, two images', async () => {
    const { tarball, images } = dockerArchive({ layers: 1, seed: 3, size: 50_000 });
    const zstd = await pushed(tarball, 'both/zstd', { compression: 'zstd' });
    const gzip = await pushed(tarball, 'both/gzip', {});
    const [name = ''] = images[0]?.layers.map(({ diffId }) => diffId.replace(':', '-')) ?? [];
    expect([await staged('zstd-1', name), await staged('gzip-5', name)]).toMatchObject([{ length: 2 }, { length: 2 }]);
    expect(await layerTypes('both/zstd', zstd.receipt?.images[0]?.digest)).toEqual([ZSTD]);
    expect(await layerTypes('both/gzip', gzip.receipt?.images[0]?.digest)).toEqual([
      'application/vnd.docker.image.rootfs.diff.tar.gzip',
    ]);
  });

  test('leave a compressed layer as it is', async () => {
    const packed = layerOf({ seed: 4, compression: 'gzip' });
    const { tarball } = dockerArchive({ style: 'nix', layers: [layerOf({ seed: 5 }), packed] });
    const push = await pushed(tarball, 'zstd/mixed', { compression: 'zstd' });
    const { layers } = await manifestOf('zstd/mixed', push.receipt?.images[0]?.digest ?? '');
    expect(layers[0]?.mediaType).toBe(ZSTD);
    expect(layers[1]).toMatchObject({ mediaType: ZSTD.replace('zstd', 'gzip'), digest: packed.digest });
  });
});

describe('with verify: "deep"', () => {
  const good = layerOf({ seed: 10, compression: 'gzip' });
  const bad = layerOf({ seed: 11, size: 50_000, compression: 'gzip' });
  const cut = gzipSync(bad.plain).subarray(0, -20);
  const wrong = {
    'another-content': { layers: [good, { ...bad, diffId: digestOf('another') }] },
    'cut-off': { layers: [good, { ...bad, stored: cut, digest: digestOf(cut) }] },
  };

  test.each([
    ['another-content', 'oci', 'DiffIdMismatch', `the layer has diffId ${bad.diffId} in entry "blobs/sha256/`],
    ['another-content', 'docker', 'DiffIdMismatch', `the layer has diffId ${bad.diffId} in entry "`],
    ['cut-off', 'oci', 'LayerCorrupt', 'the gzip data ends early in entry "blobs/sha256/'],
    ['cut-off', 'docker', 'LayerCorrupt', 'the gzip data ends early in entry "'],
  ] as const)('%s in a tarball of %s is %s before anything is sent', async (name, format, code, cause) => {
    const made = wrong[name];
    const { tarball } = format === 'oci' ? ociLayout(made) : dockerArchive({ style: 'ggcr', ...made });
    const repository = `deep/${name}-${format}`;
    const push = await pushed(tarball, repository, { verify: 'deep' });
    expect(push.diagnosis).toMatchObject({ code, step: 'VerifyLayers', cause: expect.stringContaining(cause) });
    expect(push.states).not.toContain('UploadLayers');
    expect(await slipway.repositories()).not.toContain(repository);
    // Its digest is right, so nothing but its content tells.
    expect((await pushed(tarball, repository, { verify: 'before' })).diagnosis).toBeUndefined();
  });

  test('a right image of gzip, zstd and plain layers arrives, and is not read again', async () => {
    const layers = (['gzip', 'zstd', 'none'] as const).map((compression, at) =>
      layerOf({ seed: 20 + at, compression }),
    );
    const { tarball, digest } = ociLayout({ layers });
    const push = await pushed(tarball, 'deep/right', { verify: 'deep' });
    expect(push.receipt?.images[0]?.digest).toBe(digest);
    expect(push.states.filter((state) => state === 'VerifyPack')).toHaveLength(1);
    const again = await pushed(tarball, 'deep/right', { verify: 'deep' });
    expect(again.receipt).toMatchObject({ layersSent: 0 });
    expect(again.states).not.toContain('VerifyPack');
  });
});

const verify = (repository: string, digest: string) => verifyImage(aws(slipway.cloud.environment), repository, digest);

/** Pushes by request, from the work bucket, where nothing starts a push, and the folder in it that every step may read. */
async function pushed(tarball: Tarball, repository: string, options: Record<string, string>) {
  const metadata = Object.fromEntries(Object.entries(options).map(([name, value]) => [`slipway-${name}`, value]));
  return slipway.drop(`${repository}/1.tar`, tarball.toBuffer(), metadata);
}

interface PulledManifest {
  readonly mediaType: string;
  readonly config: { readonly mediaType: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
}

async function manifestOf(repositoryName: string, imageDigest: string): Promise<PulledManifest> {
  const { images = [] } = await slipway.ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }),
  );
  return JSON.parse(images[0]?.imageManifest ?? '');
}

async function layerTypes(repository: string, digest = ''): Promise<string[]> {
  return (await manifestOf(repository, digest)).layers.map(({ mediaType }) => mediaType);
}

async function staged(folder: string, name = ''): Promise<string[]> {
  const list = new ListObjectsV2Command({ Bucket: slipway.cloud.workBucket, Prefix: `staged/${folder}/${name}` });
  return ((await slipway.s3.send(list)).Contents ?? []).map(({ Key = '' }) => Key);
}
