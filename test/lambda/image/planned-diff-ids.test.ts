import { dockerArchive } from '../../support/docker-archive-builder';
import { digestOf, layerOf } from '../../support/image-parts';
import { OciLayoutBuilder } from '../../support/oci-layout-builder';
import { imagesIn } from '../../support/read-tarball';
import type { Tarball } from '../../support/tar-writer';

const layers = [layerOf({ seed: 1, compression: 'gzip' }), layerOf({ seed: 2, compression: 'zstd' })];
const diffIds = layers.map(({ diffId }) => diffId);

async function plannedDiffIds(tarball: Tarball) {
  const { blobs } = await imagesIn(tarball);
  return new Map(blobs.map((blob) => [blob.digest, blob.diffIds]));
}

test.each([
  ['an OCI layout', () => new OciLayoutBuilder()],
  ['a docker archive', undefined],
])('each compressed layer of %s has the diffId of its place in the config', async (_, layout) => {
  const builder = layout?.();
  const tarball = builder
    ? builder.tarball([builder.image({ layers })])
    : dockerArchive({ style: 'ggcr', layers }).tarball;
  const planned = await plannedDiffIds(tarball);
  expect(layers.map(({ digest }) => planned.get(digest))).toEqual(diffIds.map((diffId) => [diffId]));
  expect([...planned.values()].filter((claims) => !claims)).toHaveLength(1);
});

test('layers that are no tar have none, although the config lists them', async () => {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ layers });
  const planned = await plannedDiffIds(builder.tarball([builder.index([image, builder.attestation(image)])]));
  expect([...planned.values()].filter((claims) => claims)).toEqual(diffIds.map((diffId) => [diffId]));
});

test('foreign layers hold their place', async () => {
  const builder = new OciLayoutBuilder();
  const foreign = {
    mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    digest: digestOf('foreign'),
    size: 10,
    urls: ['https://example.com/base'],
  };
  const own = layers.map(({ stored }) => builder.blob('application/vnd.oci.image.layer.v1.tar+gzip', stored));
  const manifest = { layers: [foreign, ...own] };
  const image = builder.image({ diffIds: [digestOf('base'), ...diffIds], manifest });
  const planned = await plannedDiffIds(builder.tarball([image]));
  expect(own.map(({ digest }) => planned.get(digest))).toEqual(diffIds.map((diffId) => [diffId]));
});

test('a layer that its descriptor alone carries has its diffId, too', async () => {
  const builder = new OciLayoutBuilder();
  const [layer] = layers.map(({ stored }) => builder.blob('application/vnd.oci.image.layer.v1.tar+gzip', stored));
  const data = layers[0]?.stored.toString('base64');
  const image = builder.image({ diffIds: diffIds.slice(0, 1), manifest: { layers: [{ ...layer, data }] } });
  const { inlineBlobs } = await imagesIn(builder.tarball([image], { without: [layer?.digest ?? ''] }));
  expect(inlineBlobs).toEqual([expect.objectContaining({ digest: layer?.digest, diffIds: diffIds.slice(0, 1) })]);
});

test('configs that contradict each other are both kept', async () => {
  const builder = new OciLayoutBuilder();
  const images = [diffIds, diffIds.toReversed()].map((listed) => builder.image({ layers, diffIds: listed }));
  const planned = await plannedDiffIds(builder.tarball(images));
  expect(planned.get(layers[0]?.digest ?? '')?.toSorted()).toEqual(diffIds.toSorted());
});
