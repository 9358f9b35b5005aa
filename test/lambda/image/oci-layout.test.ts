import { digestOf, layerOf } from '../../support/image-parts';
import { type BuiltDescriptor, named, OciLayoutBuilder, ociLayout } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { file, hardlink, tarball } from '../../support/tar-writer';

const digestsOf = (manifests: readonly object[] | undefined) =>
  manifests?.map((manifest) => ('digest' in manifest ? manifest.digest : undefined));

describe('an OCI layout', () => {
  test('of one image is pushed byte for byte, with config and layers as they lie', async () => {
    const builder = new OciLayoutBuilder();
    const layers = [layerOf({ seed: 1, compression: 'gzip' }), layerOf({ seed: 2, compression: 'zstd' }), layerOf()];
    const root = builder.image({ layers });
    const object = builder.tarball([root]);
    const { images, blobs, plainLayers } = await imagesIn(object);
    const [manifest] = images[0]?.manifests ?? [];
    expect(manifest).toMatchObject({ kind: 'verbatim', digest: root.digest, mediaType: root.mediaType, children: [] });
    if (manifest?.kind !== 'verbatim') throw new TypeError('the manifest is verbatim');
    expect(digestOf(object.slice(manifest.firstByte, manifest.size))).toBe(root.digest);
    expect(manifest.blobs.slice(1)).toEqual(layers.map(({ digest }) => digest));
    expect(blobs.map(({ firstByte, size }) => digestOf(object.slice(firstByte, size)))).toEqual(manifest.blobs);
    expect(plainLayers).toEqual([]);
    expect(images[0]).not.toHaveProperty('changed');
  });

  test('of several platforms has its manifests before the index', async () => {
    const builder = new OciLayoutBuilder();
    const children = [builder.image({ platform: 'linux/amd64' }), builder.image({ platform: 'linux/arm64', seed: 2 })];
    const root = builder.index(children);
    const { images } = await imagesIn(builder.tarball([root]));
    expect(digestsOf(images[0]?.manifests)).toEqual([...children, root].map(({ digest }) => digest));
  });

  test('with the platforms in index.json itself has that as the index to push', async () => {
    const builder = new OciLayoutBuilder();
    const children = [builder.image({ platform: 'linux/amd64' }), builder.image({ platform: 'linux/arm64', seed: 2 })];
    const { images, notes } = await imagesIn(builder.tarball(children));
    const index = JSON.stringify({ schemaVersion: 2, manifests: children });
    expect(images).toHaveLength(1);
    expect(images[0]?.manifests.at(-1)).toMatchObject({
      digest: digestOf(index),
      mediaType: 'application/vnd.oci.image.index.v1+json',
      children: children.map(({ digest }) => digest),
    });
    expect(notes[0]).toContain('index.json itself');
  });

  test('keeps an index of one entry, and indexes in indexes, as they are', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    const inner = builder.index([image]);
    const outer = builder.index([inner]);
    const { images } = await imagesIn(builder.tarball([outer]));
    expect(digestsOf(images[0]?.manifests)).toEqual([image.digest, inner.digest, outer.digest]);
  });

  test('collects the names of one digest', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    const roots = [
      named(image, { full: 'docker.io/library/app:1', ref: '1' }),
      named(image, { full: 'docker.io/library/app:latest', ref: 'latest' }),
    ];
    const { images } = await imagesIn(builder.tarball(roots));
    expect(images.map(({ names }) => names.map(({ repository, tag }) => [repository, tag]))).toEqual([
      [
        ['app', '1'],
        ['app', 'latest'],
      ],
    ]);
  });

  test('reads ref.name as a tag or as a full name', async () => {
    const builder = new OciLayoutBuilder();
    const roots = [
      named(builder.image({ seed: 1 }), { ref: '1.0' }),
      named(builder.image({ seed: 2 }), { ref: 'ghcr.io/team/app:2.0' }),
    ];
    const { images } = await imagesIn(builder.tarball(roots));
    expect(images.map(({ names }) => [names[0]?.repository, names[0]?.tag])).toEqual([
      [undefined, '1.0'],
      ['team/app', '2.0'],
    ]);
  });

  test('has attestations beside the image, their layers untouched', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image({ platform: 'linux/amd64' });
    const attestation = builder.attestation(image);
    const root = builder.index([attestation, image]);
    const { images, blobs } = await imagesIn(builder.tarball([root]));
    expect(digestsOf(images[0]?.manifests)?.at(-1)).toBe(root.digest);
    expect(blobs).toHaveLength(4);
  });

  test('has what refers to an image after it, in an index and in index.json', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image();
    const signature = builder.referrer(image);
    const root = builder.index([signature, image]);
    const inIndex = await imagesIn(builder.tarball([root]));
    expect(digestsOf(inIndex.images[0]?.manifests)).toEqual([image.digest, signature.digest, root.digest]);
    const ofSignature = builder.referrer(signature, 'countersigned');
    const { images } = await imagesIn(builder.tarball([ofSignature, signature, image]));
    expect(images.map(({ manifests, subject }) => [digestsOf(manifests), subject])).toEqual([
      [[image.digest], undefined],
      [[signature.digest], 0],
      [[ofSignature.digest], 1],
    ]);
  });

  test('tells of a referrer whose subject is elsewhere', async () => {
    const builder = new OciLayoutBuilder();
    const subject: BuiltDescriptor = { mediaType: 'application/example', digest: digestOf('elsewhere'), size: 9 };
    const { images, notes } = await imagesIn(builder.tarball([builder.referrer(subject)]));
    expect(images[0]).not.toHaveProperty('subject');
    expect(notes).toEqual([expect.stringContaining(subject.digest)]);
  });

  test('does not send foreign layers, and says so', async () => {
    const builder = new OciLayoutBuilder();
    const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const foreign = { mediaType, digest: digestOf('windows'), size: 1e9, urls: ['https://example.com/windows'] };
    const root = builder.image({ moreLayers: [foreign], diffIds: [layerOf().diffId, digestOf('plain windows')] });
    const { images, blobs, notes } = await imagesIn(builder.tarball([root]));
    expect(digestsOf(images[0]?.manifests)).toEqual([root.digest]);
    expect(blobs).toHaveLength(2);
    expect(notes).toEqual([expect.stringContaining(foreign.digest)]);
  });

  test('may have "./" before its names, and hard links for equal blobs', async () => {
    const builder = new OciLayoutBuilder();
    const root = builder.image();
    expect((await imagesIn(builder.tarball([root], { prefix: './' }))).images).toHaveLength(1);
    const path = `blobs/sha256/${root.digest.slice(7)}`;
    const members = builder.members([root], { without: [root.digest] });
    const linked = tarball([file('store/1', builder.bytesOf(root)), hardlink(path, 'store/1'), ...members]);
    expect(digestsOf((await imagesIn(linked)).images[0]?.manifests)).toEqual([root.digest]);
  });

  test('may leave the media types of manifests to their descriptors', async () => {
    const builder = new OciLayoutBuilder();
    const { schemaVersion, config, layers } = JSON.parse(builder.bytesOf(builder.image()).toString());
    const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
    const root = builder.blob(mediaType, JSON.stringify({ schemaVersion, config, layers }));
    const { images } = await imagesIn(builder.tarball([root]));
    expect(images[0]?.manifests[0]).toMatchObject({ digest: root.digest, mediaType });
  });
});

describe('a broken OCI layout', () => {
  test('lacks blobs and manifests: BlobMissing names every digest', async () => {
    const builder = new OciLayoutBuilder();
    const layer = layerOf({ compression: 'gzip' });
    const children = [builder.image({ layers: [layer] }), builder.image({ seed: 2 })];
    const without = [layer.digest, children[1]?.digest ?? ''];
    const error = await failureIn(builder.tarball([builder.index(children)], { without }));
    expect(error.name).toBe('BlobMissing');
    for (const digest of without) expect(error.message).toContain(digest);
  });

  test('has a manifest or config with other bytes than its digest says: DigestMismatch names the entry', async () => {
    const builder = new OciLayoutBuilder();
    const root = builder.image();
    const { config } = JSON.parse(builder.bytesOf(root).toString());
    for (const broken of [root, config]) {
      const path = `blobs/sha256/${broken.digest.slice(7)}`;
      const other = builder.bytesOf(broken).toString().replace('"linux"', '"linuy"').replace('v1', 'v2');
      const object = builder.tarball([root], { extra: [file(path, other)] });
      const error = await failureIn(object);
      expect([error.name, error.message]).toEqual(['DigestMismatch', expect.stringContaining(path)]);
    }
  });

  test('has a blob of another size than its descriptor says: SizeMismatch names the entry', async () => {
    const builder = new OciLayoutBuilder();
    const layer = layerOf({ compression: 'gzip' });
    const path = `blobs/sha256/${layer.digest.slice(7)}`;
    const object = builder.tarball([builder.image({ layers: [layer] })], { extra: [file(path, 'short')] });
    const error = await failureIn(object);
    expect([error.name, error.message]).toEqual(['SizeMismatch', expect.stringContaining(path)]);
  });

  test('has a layer without bytes: EmptyBlob', async () => {
    const builder = new OciLayoutBuilder();
    const layer = { ...layerOf(), stored: Buffer.alloc(0) };
    expect((await failureIn(builder.tarball([builder.image({ layers: [layer] })]))).name).toBe('EmptyBlob');
  });

  test('has more layers than its config has diffIds: ManifestInvalid', async () => {
    const builder = new OciLayoutBuilder();
    const root = builder.image({ layers: 2, diffIds: [digestOf('one')] });
    expect((await failureIn(builder.tarball([root]))).name).toBe('ManifestInvalid');
  });

  test.each([
    ['has a manifest list that is none', { manifests: {} }, 'ManifestInvalid'],
    ['has no schemaVersion', { schemaVersion: null }, 'ManifestInvalid'],
    ['has manifests and layers', { layers: [] }, 'ManifestInvalid'],
    ['is of schema 1', { schemaVersion: 1 }, 'Unsupported'],
    ['says to be something else', { mediaType: 'application/example' }, 'ManifestInvalid'],
  ])('has an index.json that %s: %p', async (_, index, name) => {
    const builder = new OciLayoutBuilder();
    const error = await failureIn(builder.tarball([builder.image()], { index }));
    expect([error.name, error.message]).toEqual([name, expect.stringContaining('index.json')]);
  });

  test.each([
    ['a media type with parameters', { artifactType: 'application/example;version=0.2' }, 'Unsupported'],
    ['no layers', { layers: [] }, 'ManifestInvalid'],
    ['a config without digest', { config: { mediaType: 'application/example', size: 2 } }, 'ManifestInvalid'],
    ['an unknown media type', { mediaType: 'application/vnd.oci.artifact.manifest.v1+json' }, 'Unsupported'],
  ])('has a manifest with %s: %p', async (_, manifest, name) => {
    const builder = new OciLayoutBuilder();
    expect((await failureIn(builder.tarball([builder.image({ manifest })]))).name).toBe(name);
  });

  test('names a manifest by sha512: Unsupported', async () => {
    const builder = new OciLayoutBuilder();
    const root = { ...builder.image(), digest: `sha512:${'a'.repeat(128)}` };
    expect((await failureIn(builder.tarball([root]))).name).toBe('Unsupported');
  });

  test('names a manifest by a path: ManifestInvalid', async () => {
    const builder = new OciLayoutBuilder();
    const root = { ...builder.image(), digest: 'sha256:../../index.json' };
    expect((await failureIn(builder.tarball([root]))).name).toBe('ManifestInvalid');
  });

  test('nests indexes, or JSON, too deep: LimitExceeded', async () => {
    const builder = new OciLayoutBuilder();
    let root = builder.image();
    for (let depth = 0; depth < 9; depth += 1) root = builder.index([root]);
    expect((await failureIn(builder.tarball([root]))).name).toBe('LimitExceeded');
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const index = tarball([file('index.json', deep), file('oci-layout', '{}')]);
    expect((await failureIn(index)).name).toBe('LimitExceeded');
  });

  test('has an index.json of more bytes than ECR takes: LimitExceeded', async () => {
    const builder = new OciLayoutBuilder();
    const index = { annotations: { long: 'x'.repeat(4_194_304) } };
    expect((await failureIn(builder.tarball([builder.image()], { index }))).name).toBe('LimitExceeded');
  });
});

test('brackets and quotes inside JSON strings do not count as depth', async () => {
  const builder = new OciLayoutBuilder();
  const index = { annotations: { odd: `\\"${'[{'.repeat(100)}` } };
  expect((await imagesIn(builder.tarball([builder.image()], { index }))).images).toHaveLength(1);
  expect((await imagesIn(ociLayout({ layers: 3 }).tarball)).images).toHaveLength(1);
});
