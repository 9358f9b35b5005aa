import { gzipSync } from 'node:zlib';
import { readImages } from '../../../lambda/image/read-images';
import { indexTar } from '../../../lambda/tar/index-tar';
import { type ArchiveStyle, type DockerArchiveOptions, dockerArchive } from '../../support/docker-archive-builder';
import { digestOf, emptyLayer, hexOf, layerOf, layersOf } from '../../support/image-parts';
import { countingReader, rangedReaderOf } from '../../support/ranged-readers';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { file, symlink, tarball } from '../../support/tar-writer';

const repeated = () => {
  const [base, top] = layersOf(2);
  if (!base || !top) throw new RangeError('two layers are made');
  return [base, top, base];
};
const failure = (options: DockerArchiveOptions) => failureIn(dockerArchive(options).tarball);

describe('a docker archive', () => {
  test.each<ArchiveStyle>(['docker', 'podman', 'nix', 'hardlinks', 'rules-oci'])(
    'in the style of %s has its plain layers in the order of its diffIds, a repeated one once',
    async (style) => {
      const layers = repeated();
      const built = dockerArchive({ style, layers });
      const { images, plainLayers, blobs } = await imagesIn(built.tarball);
      const [base, top] = layers;
      expect(images[0]?.manifests).toEqual([
        {
          kind: 'assembled',
          config: built.images[0]?.configDigest,
          layers: [{ diffId: base?.diffId }, { diffId: top?.diffId }, { diffId: base?.diffId }],
        },
      ]);
      expect(plainLayers.map(({ diffId }) => diffId)).toEqual([base?.diffId, top?.diffId]);
      expect(blobs.map(({ digest }) => digest)).toEqual([built.images[0]?.configDigest]);
    },
  );

  test.each<ArchiveStyle>(['docker', 'podman', 'nix', 'hardlinks', 'ggcr', 'jib', 'rules-oci'])(
    'in the style of %s gives places where the bytes of layers and config really lie',
    async (style) => {
      const layers = [layerOf({ seed: 1 }), layerOf({ seed: 2, compression: 'gzip' }), layerOf({ seed: 1 })];
      const { tarball: object } = dockerArchive({ style, layers });
      const { plainLayers, blobs } = await imagesIn(object);
      const digestAt = ({ firstByte, size }: { firstByte: number; size: number }) =>
        digestOf(object.slice(firstByte, size));
      expect(plainLayers.map(digestAt)).toEqual(plainLayers.map(({ diffId }) => diffId));
      expect(blobs.map(digestAt)).toEqual(blobs.map(({ digest }) => digest));
      expect([plainLayers.length, blobs.length]).toEqual([1, 2]);
    },
  );

  test.each<ArchiveStyle>(['ggcr', 'jib'])('in the style of %s sends gzip layers as they lie', async (style) => {
    const layers = layersOf(2, { compression: 'gzip' });
    const { images, plainLayers, blobs } = await imagesIn(dockerArchive({ style, layers }).tarball);
    expect(plainLayers).toEqual([]);
    expect(blobs.map(({ digest }) => digest).slice(1)).toEqual(layers.map(({ digest }) => digest));
    const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    expect(images[0]?.manifests[0]).toMatchObject({ layers: layers.map(({ digest }) => ({ digest, mediaType })) });
  });

  test('trusts the digest in the name of a compressed layer, and reads no more of it than its first bytes', async () => {
    const layers = [layerOf({ size: 3_000_000, compression: 'gzip' })];
    const reader = countingReader(rangedReaderOf(dockerArchive({ style: 'ggcr', layers }).tarball));
    const { blobs } = await readImages(reader, await indexTar(reader));
    expect(blobs[1]?.digest).toBe(layers[0]?.digest);
    expect(reader.bytes).toBeLessThan(1_000_000);
  });

  test('hashes a compressed layer whose name says nothing of its digest', async () => {
    const layers = [layerOf({ size: 9_000_000, compression: 'gzip' })];
    const { blobs } = await imagesIn(dockerArchive({ style: 'nix', layers }).tarball);
    expect(blobs[1]?.digest).toBe(layers[0]?.digest);
  });

  test('hashes a compressed layer whose name carries the diffId', async () => {
    const layers = [layerOf({ compression: 'gzip' })];
    const { blobs } = await imagesIn(dockerArchive({ style: 'podman', layers }).tarball);
    expect(blobs[1]?.digest).toBe(layers[0]?.digest);
  });

  test('gives all compressed layers of one image OCI types where one is zstd', async () => {
    const layers = [layerOf({ seed: 1, compression: 'gzip' }), layerOf({ seed: 2, compression: 'zstd' })];
    const { images } = await imagesIn(dockerArchive({ style: 'nix', layers }).tarball);
    expect(images[0]?.manifests[0]).toMatchObject({
      layers: [
        { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
        { mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' },
      ],
    });
  });

  test('may repeat the layer of an empty directory, which has no header block', async () => {
    const layers = [layerOf(), emptyLayer(), emptyLayer()];
    const { plainLayers } = await imagesIn(dockerArchive({ layers }).tarball);
    expect(plainLayers.map(({ size }) => size)).toEqual([layers[0]?.plain.length, 1024]);
  });

  test('with an index.json and no blobs folder is no OCI layout', async () => {
    const extra = [file('index.json', '{"schemaVersion":2,"manifests":[]}')];
    const { images } = await imagesIn(dockerArchive({ style: 'ggcr', extra, compression: 'gzip' }).tarball);
    expect(images[0]?.manifests[0]?.kind).toBe('assembled');
  });

  test('may have "./" before all its names', async () => {
    const { images } = await imagesIn(dockerArchive({ prefix: './', layers: 2 }).tarball);
    expect(images).toHaveLength(1);
  });

  test('says why its digest is a new one', async () => {
    const { images } = await imagesIn(dockerArchive({ layers: 2 }).tarball);
    expect(images[0]?.changed).toBe(
      'A docker archive has no manifest: Slipway writes one, and compresses 2 plain layers.',
    );
  });

  test('has the names of its RepoTags, and none where they are null, empty or placeholders', async () => {
    const namesOf = async (tags: readonly string[] | null) => {
      const { images } = await imagesIn(dockerArchive({ tags }).tarball);
      return images[0]?.names.map(({ repository, tag }) => [repository, tag]);
    };
    expect(await namesOf(['docker.io/library/app:1', 'localhost/app:2'])).toEqual([
      ['app', '1'],
      ['app', '2'],
    ]);
    expect(await namesOf(null)).toEqual([]);
    expect(await namesOf([])).toEqual([]);
    expect(await namesOf(['docker.io/unset-repo/unset-image-name:latest'])).toEqual([]);
  });

  test('that lists one image twice has it once, with the tags of both', async () => {
    const images = [{ tags: ['app:1'] }, { tags: ['app:2'] }];
    const found = await imagesIn(dockerArchive({ images, style: 'podman' }).tarball);
    expect(found.images.map(({ names }) => names.map(({ tag }) => tag))).toEqual([['1', '2']]);
  });

  test('of several images shares the layers they have in common', async () => {
    const [base, one, two] = layersOf(3);
    const images = [
      { layers: [base, one].filter((layer) => layer !== undefined), tags: ['one:1'] },
      { layers: [base, two].filter((layer) => layer !== undefined), tags: ['two:1'] },
    ];
    const found = await imagesIn(dockerArchive({ images }).tarball);
    expect(found.images.map(({ name }) => name)).toEqual(['one:1', 'two:1']);
    expect(found.plainLayers).toHaveLength(3);
  });
});

describe('a broken docker archive', () => {
  test('lacks layers and config: BlobMissing names them all', async () => {
    const layers = layersOf(3);
    const absent = layers.slice(1).map(({ diffId }) => hexOf(diffId));
    const without = (name: string) => absent.some((hex) => name.includes(hex)) || name.endsWith('.json');
    const error = await failure({ style: 'podman', layers, without });
    expect(error.name).toBe('BlobMissing');
    for (const hex of absent) expect(error.message).toContain(`sha256:${hex}`);
    expect(error.message).toContain('3 blobs');
  });

  test('has more layers than diffIds: ManifestInvalid', async () => {
    const error = await failure({ layers: 2, diffIds: [digestOf('one')] });
    expect([error.name, error.message]).toEqual(['ManifestInvalid', expect.stringContaining('lists 2 layers')]);
  });

  test('has a config that is not the one its name says: DigestMismatch', async () => {
    const config = `${'a'.repeat(64)}.json`;
    const list = JSON.stringify([{ Config: config, RepoTags: null, Layers: [] }]);
    const object = tarball([file(config, '{"rootfs":{"diff_ids":[]}}'), file('manifest.json', list)]);
    await expect(imagesIn(object)).rejects.toMatchObject({
      name: 'DigestMismatch',
      message: expect.stringContaining(config),
    });
  });

  test('has a layer of no bytes: EmptyBlob', async () => {
    const layer = { ...layerOf(), stored: Buffer.alloc(0) };
    expect((await failure({ layers: [layer] })).name).toBe('EmptyBlob');
  });

  test('has a layer compressed with xz: Unsupported', async () => {
    const layer = { ...layerOf(), stored: Buffer.from('\xfd7zXZ\0 and more', 'latin1') };
    expect((await failure({ layers: [layer] })).name).toBe('Unsupported');
  });

  test('has a layer that is no tar: LayerCorrupt', async () => {
    const layer = { ...layerOf(), stored: Buffer.alloc(2000, 'x') };
    expect((await failure({ layers: [layer] })).name).toBe('LayerCorrupt');
  });

  test('has a layer that links to nothing: LinkInvalid', async () => {
    const without = (name: string) => name.endsWith('/layer.tar');
    const [listed] = dockerArchive({ layers: 1 }).list;
    const extra = [symlink(listed?.Layers[0] ?? '', '../nowhere/layer.tar')];
    expect((await failure({ without, extra })).name).toBe('LinkInvalid');
  });

  test('has no layer at all: Unsupported, for ECR takes no such image', async () => {
    expect((await failure({ layers: 0 })).name).toBe('Unsupported');
  });

  test('has more layers than ECR takes: LimitExceeded', async () => {
    const layer = layerOf();
    expect((await failure({ layers: Array(501).fill(layer) })).name).toBe('LimitExceeded');
  });

  test('claims one diffId for two layers of different sizes: EntryConflict', async () => {
    const [one, other] = [layerOf({ seed: 1 }), layerOf({ seed: 2, size: 5000 })];
    const error = await failure({ style: 'nix', layers: [one, other], diffIds: [one.diffId, one.diffId] });
    expect(error.name).toBe('EntryConflict');
  });

  test('lists no image: ManifestInvalid', async () => {
    await expect(imagesIn(tarball([file('manifest.json', '[]')]))).rejects.toMatchObject({ name: 'ManifestInvalid' });
  });

  test('has a manifest.json that is not JSON, or of the wrong shape: ManifestInvalid that says where', async () => {
    const errorFor = (text: string | Buffer) => failureIn(tarball([file('manifest.json', text)]));
    expect((await errorFor(gzipSync('[]'))).message).toContain('in entry "manifest.json"');
    expect((await errorFor('[{"Config": 7}]')).message).toContain('[0].Config is a JSON number');
    expect((await errorFor('[{"Config": "c", "Layers": [null]}]')).message).toContain('[0].Layers[0] is a JSON null');
  });
});
