import { dockerArchive } from '../../support/docker-archive-builder';
import { hexOf } from '../../support/image-parts';
import { type BuiltDescriptor, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { imagesIn } from '../../support/read-tarball';
import { file, tarball } from '../../support/tar-writer';

/** As apko writes it: a docker archive with an item for each platform, then their manifests and index.json. */
function apkoTarball({ without = [] as string[] } = {}) {
  const builder = new OciLayoutBuilder();
  const children = ['linux/amd64', 'linux/arm64'].map((platform, seed) => builder.image({ platform, seed }));
  const parsed = children.map((child) => JSON.parse(builder.bytesOf(child).toString()));
  const blobs = (descriptors: readonly BuiltDescriptor[], nameOf: (hex: string) => string) =>
    descriptors
      .filter(({ digest }) => !without.includes(digest))
      .map((blob) => file(nameOf(hexOf(blob.digest)), builder.bytesOf(blob)));
  const list = parsed.map(({ config, layers }, at) => ({
    Config: config.digest,
    RepoTags: [`index.docker.io/library/app:1.2-${['amd64', 'arm64'][at]}`],
    Layers: layers.map(({ digest }: BuiltDescriptor) => `${hexOf(digest)}.tar.gz`),
  }));
  const index = builder.index(children);
  const members = [
    ...parsed.flatMap(({ config, layers }) => [
      ...blobs([config], (hex) => `sha256:${hex}`),
      ...blobs(layers, (hex) => `${hex}.tar.gz`),
    ]),
    file('manifest.json', JSON.stringify(list)),
    ...blobs(children, (hex) => `sha256:${hex}`),
    file('index.json', builder.bytesOf(index)),
  ];
  return { index, children, object: tarball(members) };
}

test('the archive that apko writes is the index of all its platforms, byte for byte, under the tag they share', async () => {
  const { index, children, object } = apkoTarball();
  const { images, notes, blobs } = await imagesIn(object);
  expect(images).toHaveLength(1);
  expect(images[0]?.manifests).toEqual(
    [...children, index].map(({ digest }) => expect.objectContaining({ kind: 'verbatim', digest })),
  );
  expect(images[0]?.names).toEqual([{ text: 'index.docker.io/library/app:1.2', repository: 'app', tag: '1.2' }]);
  expect(images[0]).not.toHaveProperty('changed');
  expect(blobs).toHaveLength(4);
  expect(notes).toEqual([expect.stringContaining('apko')]);
});

test('an index.json of which manifests are absent leaves it a docker archive, with a note', async () => {
  const whole = apkoTarball();
  const { object } = apkoTarball({ without: [whole.children[1]?.digest ?? ''] });
  const { images, notes } = await imagesIn(object);
  expect(images.map(({ manifests }) => manifests[0]?.kind)).toEqual(['assembled', 'assembled']);
  expect(notes).toEqual([expect.stringContaining('Left out index.json')]);
});

test('one platform of it can be asked for', async () => {
  const { children, object } = apkoTarball();
  const { images } = await imagesIn(object, { missing: 'only', platforms: ['linux/arm64'] });
  expect(images[0]?.manifests).toEqual([expect.objectContaining({ digest: children[1]?.digest })]);
});

test('an index.json in the archive of another tool may be anything', async () => {
  const { tarball: object } = dockerArchive({ style: 'nix', extra: [file('index.json', 'not JSON')] });
  const { images, notes } = await imagesIn(object);
  expect(images[0]?.manifests[0]?.kind).toBe('assembled');
  expect(notes).toEqual([expect.stringContaining('Left out index.json')]);
});
