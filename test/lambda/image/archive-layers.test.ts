import { assembleManifest } from '../../../lambda/image/assemble-manifest';
import { dockerArchive } from '../../support/docker-archive-builder';
import { digestOf, hexOf, layerOf, layersOf } from '../../support/image-parts';
import { OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { file, tarball } from '../../support/tar-writer';

const PLAIN = 'application/vnd.docker.image.rootfs.diff.tar';
const FOREIGN = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';

describe('layers that are to be preserved', () => {
  test('are sent as they lie, plain ones by their diffId', async () => {
    const layers = [layerOf({ seed: 1 }), layerOf({ seed: 2, compression: 'gzip' })];
    const { tarball: object } = dockerArchive({ style: 'nix', layers });
    const { images, plainLayers, blobs } = await imagesIn(object, { layers: 'preserve' });
    expect(plainLayers).toEqual([]);
    expect(blobs.map(({ firstByte, size }) => digestOf(object.slice(firstByte, size)))).toEqual(
      blobs.map(({ digest }) => digest),
    );
    expect(images[0]?.manifests[0]).toMatchObject({
      layers: [
        { digest: layers[0]?.diffId, mediaType: PLAIN },
        { digest: layers[1]?.digest, mediaType: `${PLAIN}.gzip` },
      ],
    });
    expect(images[0]?.changed).toBe('A docker archive has no manifest: Slipway writes one.');
  });

  test('have types of one family where another layer is zstd', async () => {
    const layers = [layerOf({ seed: 1 }), layerOf({ seed: 2, compression: 'zstd' })];
    const { images } = await imagesIn(dockerArchive({ style: 'nix', layers }).tarball, { layers: 'preserve' });
    expect(images[0]?.manifests[0]).toMatchObject({
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar' }, {}],
    });
  });

  test('keep the OCI layout of a docker 25 hybrid, byte for byte', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image({ layers: layersOf(2) });
    const { config, layers } = JSON.parse(builder.bytesOf(image).toString());
    const path = ({ digest }: { digest: string }) => `blobs/sha256/${hexOf(digest)}`;
    const list = JSON.stringify([{ Config: path(config), RepoTags: ['app:1'], Layers: layers.map(path) }]);
    const object = builder.tarball([image], { extra: [file('manifest.json', list)] });
    const { images } = await imagesIn(object, { layers: 'preserve' });
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ kind: 'verbatim', digest: image.digest })]);
    expect((await imagesIn(object, { layers: 'compress' })).images[0]?.manifests[0]?.kind).toBe('assembled');
  });
});

describe('a foreign layer of a docker archive', () => {
  const [base, own] = layersOf(2);
  if (!base || !own) throw new RangeError('two layers are made');
  const source = { mediaType: FOREIGN, digest: digestOf('windows'), size: 1e9, urls: ['https://example.com/base'] };

  function archive(sources: object, without: string[] = []) {
    const built = dockerArchive({ style: 'podman', layers: [base, own].filter((layer) => layer !== undefined) });
    const config = built.images[0]?.config ?? Buffer.alloc(0);
    const list = built.list.map((item) => ({ ...item, LayerSources: sources }));
    const members = [base, own].flatMap((layer) =>
      layer && !without.includes(layer.diffId) ? [file(`${hexOf(layer.diffId)}.tar`, layer.stored)] : [],
    );
    const name = `${hexOf(built.images[0]?.configDigest ?? '')}.json`;
    return tarball([...members, file(name, config), file('manifest.json', JSON.stringify(list))]);
  }

  test.each([[[]], [[base.diffId]]])(
    'keeps its descriptor with URLs and is not sent, without entries %p',
    async (without) => {
      const { images, plainLayers, blobs, notes } = await imagesIn(archive({ [base.diffId]: source }, without));
      const [manifest] = images[0]?.manifests ?? [];
      expect(manifest).toMatchObject({ layers: [source, { diffId: own.diffId }] });
      expect(plainLayers.map(({ diffId }) => diffId)).toEqual([own.diffId]);
      expect(notes).toEqual([expect.stringContaining(source.digest)]);
      if (manifest?.kind !== 'assembled') throw new TypeError('the manifest is assembled');
      const sizes = new Map(blobs.map((blob) => [blob.digest, blob]));
      const { body } = assembleManifest(
        manifest,
        sizes,
        new Map([[own.diffId, { digest: own.digest, size: 7, compression: 'gzip' }]]),
      );
      expect(JSON.parse(body).layers[0]).toEqual(source);
    },
  );

  test('is an ordinary one where its source has no URLs, or is an ordinary type (docker 25 and later)', async () => {
    for (const other of [
      { ...source, urls: [] },
      { ...source, mediaType: PLAIN },
    ]) {
      const object = archive({ [base.diffId]: other });
      expect((await imagesIn(object)).plainLayers).toHaveLength(2);
      expect((await failureIn(archive({ [base.diffId]: other }, [base.diffId]))).name).toBe('BlobMissing');
    }
  });
});
