import { assembleManifest } from '../../../lambda/image/assemble-manifest';
import { dockerArchive } from '../../support/docker-archive-builder';
import { digestOf, type LayerParts, layerOf } from '../../support/image-parts';
import { imagesIn } from '../../support/read-tarball';

const STAGED = { digest: digestOf('compressed'), size: 77 };

async function manifestOf(layers: readonly LayerParts[], compression: 'gzip' | 'zstd' = 'gzip') {
  const { images, blobs, plainLayers } = await imagesIn(dockerArchive({ style: 'nix', layers }).tarball, {
    compression,
  });
  const [manifest] = images[0]?.manifests ?? [];
  if (manifest?.kind !== 'assembled') throw new TypeError('a docker archive has its manifest assembled');
  const staged = new Map(plainLayers.map(({ diffId }) => [diffId, { ...STAGED, compression }]));
  return { written: assembleManifest(manifest, new Map(blobs.map((blob) => [blob.digest, blob])), staged), manifest };
}

test('a manifest lists config and layers with the digests and sizes of what is sent', async () => {
  const packed = layerOf({ seed: 2, compression: 'gzip' });
  const { written, manifest } = await manifestOf([layerOf(), packed, layerOf()]);
  const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
  expect(JSON.parse(written.body)).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: expect.any(Number),
      digest: manifest.config,
    },
    layers: [
      { mediaType, ...STAGED },
      { mediaType, digest: packed.digest, size: packed.stored.length },
      { mediaType, ...STAGED },
    ],
  });
  expect(written.digest).toBe(digestOf(written.body));
});

test('a manifest has OCI types throughout where a layer is zstd', async () => {
  const { written } = await manifestOf([layerOf(), layerOf({ seed: 2, compression: 'zstd' })]);
  const { mediaType, config, layers } = JSON.parse(written.body);
  expect([mediaType, config.mediaType, layers[0].mediaType, layers[1].mediaType]).toEqual([
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.config.v1+json',
    'application/vnd.oci.image.layer.v1.tar+gzip',
    'application/vnd.oci.image.layer.v1.tar+zstd',
  ]);
  expect(written.mediaType).toBe(mediaType);
});

test('a manifest has OCI types throughout where plain layers are staged as zstd', async () => {
  const { written } = await manifestOf([layerOf(), layerOf({ seed: 2, compression: 'gzip' })], 'zstd');
  const { mediaType, config, layers } = JSON.parse(written.body);
  expect([mediaType, config.mediaType]).toEqual([
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.oci.image.config.v1+json',
  ]);
  expect(layers).toEqual([
    { mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', ...STAGED },
    expect.objectContaining({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }),
  ]);
});

test('zstd changes nothing of a manifest without a plain layer', async () => {
  const layers = [layerOf({ seed: 2, compression: 'gzip' })];
  expect((await manifestOf(layers, 'zstd')).written).toEqual((await manifestOf(layers)).written);
});

test('the same layers give the same bytes', async () => {
  const once = await manifestOf([layerOf(), layerOf({ seed: 2 })]);
  const again = await manifestOf([layerOf(), layerOf({ seed: 2 })]);
  expect(again.written).toEqual(once.written);
});

test('a layer that was not staged is a bug: Internal', async () => {
  const { manifest } = await manifestOf([layerOf()]);
  const blobs = new Map([[manifest.config, { size: 1 }]]);
  expect(() => assembleManifest(manifest, blobs, new Map())).toThrow(expect.objectContaining({ name: 'Internal' }));
});
