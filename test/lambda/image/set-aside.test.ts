import { readImages } from '../../../lambda/image/read-images';
import { indexTar } from '../../../lambda/tar/index-tar';
import { dockerArchive } from '../../support/docker-archive-builder';
import { digestOf, hexOf, layerOf, layersOf } from '../../support/image-parts';
import { type BuiltDescriptor, named, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { rangedReaderOf } from '../../support/ranged-readers';
import { failureIn, faultsOf, imagesIn } from '../../support/read-tarball';
import { file } from '../../support/tar-writer';

type Image = NonNullable<NonNullable<Parameters<typeof dockerArchive>[0]>['images']>[number];

const between = (broken: Image) => ({
  images: [{ tags: ['one:1'] }, { tags: ['two:2'], ...broken }, { tags: ['three:3'], seed: 3 }],
});
const BROKEN_ITEMS: Record<string, [Image, string]> = {
  'more layers than diffIds': [{ layers: layersOf(2, { seed: 20 }), diffIds: [digestOf('one')] }, 'ManifestInvalid'],
  'a layer of no bytes': [{ layers: [{ ...layerOf({ seed: 21 }), stored: Buffer.alloc(0) }] }, 'EmptyBlob'],
  'a layer that is no tar': [
    { layers: [{ ...layerOf({ seed: 22 }), stored: Buffer.alloc(2000, 'x') }] },
    'LayerCorrupt',
  ],
  'no layer at all': [{ layers: [] }, 'Unsupported'],
  'more layers than ECR takes': [{ layers: Array(501).fill(layerOf({ seed: 23 })) }, 'LimitExceeded'],
};

describe('one of three images of a docker archive is set aside', () => {
  test.each(Object.keys(BROKEN_ITEMS))('with %s', async (what) => {
    const [broken, error] = BROKEN_ITEMS[what] ?? [{}, ''];
    const found = await imagesIn(dockerArchive(between(broken)).tarball);
    expect(faultsOf(found)).toEqual([undefined, error, undefined]);
    expect(found.images.map(({ manifests }) => manifests.length)).toEqual([1, 0, 1]);
    expect(found.plainLayers).toHaveLength(2);
  });

  test('without its layer, which the error names', async () => {
    const layers = layersOf(1, { seed: 24 });
    const absent = dockerArchive(between({ layers })).list[1]?.Layers[0] ?? '';
    const { images } = await imagesIn(
      dockerArchive({ ...between({ layers }), without: (name) => name === absent }).tarball,
    );
    expect(images[1]?.fault).toMatchObject({ name: 'BlobMissing', message: expect.stringContaining(absent) });
    expect(faultsOf({ ...(await imagesIn(dockerArchive(between({ layers })).tarball)) })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('with a config of another digest', async () => {
    const config = dockerArchive(between({ seed: 25 })).list[1]?.Config ?? '';
    const extra = [file(config, '{"rootfs":{"diff_ids":[]}}')];
    const { tarball } = dockerArchive({ ...between({ seed: 25 }), without: (name) => name === config, extra });
    expect(faultsOf(await imagesIn(tarball))).toEqual([undefined, 'DigestMismatch', undefined]);
  });

  test('once, however many tags it has', async () => {
    const broken = { layers: layersOf(1, { seed: 26 }), diffIds: [] };
    const images = [{ tags: ['one:1'] }, { tags: ['two:1'], ...broken }, { tags: ['two:2'], ...broken }];
    const found = await imagesIn(dockerArchive({ images, style: 'podman' }).tarball);
    expect(found.images.map(({ names }) => names.map(({ text }) => text))).toEqual([['one:1'], ['two:1', 'two:2']]);
  });
});

describe('one of the images of an OCI layout is set aside', () => {
  const images = () => {
    const builder = new OciLayoutBuilder();
    const made = [1, 2, 3].map((seed) => named(builder.image({ seed }), { full: `docker.io/library/app:${seed}` }));
    const [one, two, three] = made as [BuiltDescriptor, BuiltDescriptor, BuiltDescriptor];
    return { builder, roots: [one, two, three] as const, two, body: JSON.parse(builder.bytesOf(two).toString()) };
  };

  test.each(['its manifest', 'its config', 'its layer'])('without %s: BlobMissing', async (what) => {
    const { builder, roots, two, body } = images();
    const absent = what === 'its manifest' ? two : what === 'its config' ? body.config : body.layers[0];
    const found = await imagesIn(builder.tarball(roots, { without: [absent.digest] }));
    expect(faultsOf(found)).toEqual([undefined, 'BlobMissing', undefined]);
    expect(found.images[1]?.fault?.message).toContain(absent.digest);
    expect(found.blobs).toHaveLength(4);
  });

  test.each(['its manifest', 'its config'])('with another digest of %s: DigestMismatch', async (what) => {
    const { builder, roots, two, body } = images();
    const damaged = what === 'its manifest' ? two : body.config;
    const bytes = Buffer.from(builder.bytesOf(damaged)).fill(' ', 0, 1);
    const extra = [file(`blobs/sha256/${hexOf(damaged.digest)}`, bytes)];
    const found = await imagesIn(builder.tarball(roots, { without: [damaged.digest], extra }));
    expect(faultsOf(found)).toEqual([undefined, 'DigestMismatch', undefined]);
  });

  test('with another size of its layer: SizeMismatch', async () => {
    const { builder, roots, body } = images();
    const [{ digest }] = body.layers;
    const extra = [file(`blobs/sha256/${hexOf(digest)}`, 'another length')];
    expect(faultsOf(await imagesIn(builder.tarball(roots, { without: [digest], extra })))).toEqual([
      undefined,
      'SizeMismatch',
      undefined,
    ]);
  });

  test('with one broken platform as a whole, even where what is absent may be dropped', async () => {
    const builder = new OciLayoutBuilder();
    const platforms = ['linux/amd64', 'linux/arm64'].map((platform, seed) => builder.image({ platform, seed }));
    const [arm] = platforms.slice(1) as [BuiltDescriptor];
    const roots = [builder.image({ seed: 7 }), builder.index(platforms)];
    const extra = [file(`blobs/sha256/${hexOf(arm.digest)}`, builder.bytesOf(arm).fill(' ', 0, 1))];
    const object = builder.tarball(roots, { without: [arm.digest], extra });
    expect(faultsOf(await imagesIn(object, { missing: 'drop' }))).toEqual([undefined, 'DigestMismatch']);
  });

  test('with all that refers to it', async () => {
    const { builder, roots, two, body } = images();
    const [{ digest }] = body.layers;
    const signatures = [roots[0], two].map((image) => builder.referrer(image, `signature of ${image.digest}`));
    const found = await imagesIn(builder.tarball([...roots, ...signatures], { without: [digest] }));
    expect(faultsOf(found)).toEqual([undefined, 'BlobMissing', undefined, undefined, 'BlobMissing']);
    expect(found.images[4]?.fault?.message).toContain('its subject could not be pushed: docker.io/library/app:2');
  });

  test('but a fault of the reader is one of all images', async () => {
    const { builder, roots } = images();
    const object = builder.tarball(roots);
    const reader = rangedReaderOf(object);
    const index = await indexTar(reader);
    const gone = { ...reader, size: reader.size, read: () => Promise.reject(new Error('the network is down')) };
    await expect(readImages(gone, index)).rejects.toThrow('the network is down');
  });
});

test('where no image is sound, the fault of the first is that of the tarball', async () => {
  const images = ['one:1', 'two:2'].map((tag, seed) => ({ tags: [tag], layers: layersOf(1, { seed }), diffIds: [] }));
  const error = await failureIn(dockerArchive({ images }).tarball);
  expect([error.name, error.message]).toEqual(['ManifestInvalid', expect.stringContaining('[0] lists 1 layers')]);
});
