import { type Compression, hexOf, type LayerParts, layersOf } from '../../support/image-parts';
import { type BuiltDescriptor, named, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, faultsOf, imagesIn } from '../../support/read-tarball';
import { file } from '../../support/tar-writer';

/** What manifest.json says of an image whose blobs an OCI layout holds, as docker 25 and later write it. */
function listed(builder: OciLayoutBuilder, image: BuiltDescriptor, tag: string, layers?: readonly LayerParts[]) {
  const { config, layers: own } = JSON.parse(builder.bytesOf(image).toString());
  const digests: readonly { digest: string }[] = layers ?? own;
  const path = (digest: string) => `blobs/sha256/${hexOf(digest)}`;
  return { Config: path(config.digest), RepoTags: [tag], Layers: digests.map(({ digest }) => path(digest)) };
}

function manifestJson(...items: object[]) {
  return { extra: [file('manifest.json', JSON.stringify(items))] };
}

function hybridOf(compression: Compression) {
  const builder = new OciLayoutBuilder();
  const layers = layersOf(2, { compression });
  const image = builder.image({ layers });
  const root = named(image, { full: 'docker.io/library/app:1', ref: '1' });
  return { root, layers, tarball: builder.tarball([root], manifestJson(listed(builder, image, 'app:1'))) };
}

describe('a tarball with index.json and manifest.json', () => {
  test.each<Compression>(['gzip', 'zstd'])('and %s layers is taken as an OCI layout', async (compression) => {
    const { root, tarball } = hybridOf(compression);
    const { images, notes } = await imagesIn(tarball);
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ kind: 'verbatim', digest: root.digest })]);
    expect(notes).toEqual([expect.stringContaining('Took index.json')]);
  });

  test('and plain layers is taken as a docker archive', async () => {
    const { layers, tarball } = hybridOf('none');
    const { images, plainLayers, notes } = await imagesIn(tarball);
    expect(images.map(({ manifests }) => manifests[0]?.kind)).toEqual(['assembled']);
    expect(plainLayers.map(({ diffId }) => diffId)).toEqual(layers.map(({ diffId }) => diffId));
    expect(notes).toEqual([expect.stringContaining('Took manifest.json')]);
  });

  test('whose OCI manifest has its layers in the wrong order (docker 25.0.0) is taken in the right order', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(2);
    const image = builder.image({ layers: layers.toReversed(), diffIds: layers.map(({ diffId }) => diffId) });
    const items = manifestJson(listed(builder, image, 'app:1', layers));
    const { images, notes } = await imagesIn(builder.tarball([image], items));
    expect(images[0]?.manifests[0]).toMatchObject({ layers: layers.map(({ diffId }) => ({ diffId })) });
    expect(notes[0]).toContain('not those of its config');
  });

  test('whose OCI manifest has no layers (docker 25.0.0-rc) is taken as a docker archive', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(2);
    const whole = builder.image({ layers });
    const image = builder.image({ layers, manifest: { layers: [] } });
    const { images } = await imagesIn(builder.tarball([image], manifestJson(listed(builder, whole, 'app:1'))));
    expect(images[0]?.manifests[0]).toMatchObject({ kind: 'assembled', layers: [{}, {}] });
  });

  test.each<Compression>(['none', 'gzip'])(
    'and %s layers, which lists an untagged image in manifest.json alone, has both',
    async (compression) => {
      const builder = new OciLayoutBuilder();
      const one = builder.image({ compression });
      const other = builder.image({ compression, seed: 2 });
      const items = manifestJson(listed(builder, one, 'app:1'), { ...listed(builder, other, ''), RepoTags: null });
      const { images, notes } = await imagesIn(builder.tarball([one], items));
      expect(images.map(({ names }) => names.length)).toEqual([1, 0]);
      expect(notes[0]).toContain('lists an image that index.json does not');
    },
  );

  test('whose index.json lists nothing is taken as a docker archive', async () => {
    const builder = new OciLayoutBuilder();
    const items = manifestJson(listed(builder, builder.image({ compression: 'none' }), 'app:1'));
    expect((await imagesIn(builder.tarball([], items))).images).toHaveLength(1);
  });

  test('whose manifest.json lists nothing is taken as an OCI layout', async () => {
    const builder = new OciLayoutBuilder();
    const { images } = await imagesIn(builder.tarball([builder.image()], manifestJson()));
    expect(images[0]?.manifests[0]?.kind).toBe('verbatim');
  });

  test('with the index of all platforms and the blobs of one has that one, and says so', async () => {
    const builder = new OciLayoutBuilder();
    const here = builder.image({ platform: 'linux/amd64' });
    const elsewhere = builder.image({ platform: 'linux/arm64', seed: 2 });
    const attestation = builder.attestation(elsewhere);
    const index = builder.index([here, elsewhere, attestation]);
    const options = {
      ...manifestJson(listed(builder, here, 'app:1')),
      without: [elsewhere.digest, attestation.digest],
    };
    const { images } = await imagesIn(builder.tarball([named(index, { full: 'docker.io/library/app:1' })], options));
    expect(images).toHaveLength(1);
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ kind: 'verbatim', digest: here.digest })]);
    expect(images[0]?.names[0]?.repository).toBe('app');
    expect(images[0]?.changed).toContain(index.digest);
  });

  test('with two of three platforms, of which manifest.json lists one, is partial: BlobMissing', async () => {
    const builder = new OciLayoutBuilder();
    const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x'];
    const [here, there, absent] = platforms.map((platform, seed) => builder.image({ platform, seed }));
    if (!here || !there || !absent) throw new RangeError('three images are made');
    const options = { ...manifestJson(listed(builder, here, 'app:1')), without: [absent.digest] };
    const error = await failureIn(builder.tarball([builder.index([here, there, absent])], options));
    expect([error.name, error.message]).toEqual(['BlobMissing', expect.stringContaining(absent.digest)]);
  });

  test('of which one image is whole and one, not in manifest.json, is not, sets that one aside: BlobMissing', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(1, { compression: 'gzip', seed: 9 });
    const [one, other] = [builder.image(), builder.image({ layers })];
    const without = layers.map(({ digest }) => digest);
    const object = builder.tarball([one, other], { ...manifestJson(listed(builder, one, 'app:1')), without });
    expect(faultsOf(await imagesIn(object))).toEqual([undefined, 'BlobMissing']);
  });

  test.each<Compression>(['gzip', 'none'])(
    'and %s layers sets an image aside whose manifest is broken, and pushes the other',
    async (compression) => {
      const builder = new OciLayoutBuilder();
      const images = [builder.image({ compression }), builder.image({ compression, seed: 9 })] as const;
      const [one, other] = images.map((image, at) => named(image, { full: `docker.io/library/app:${at}` }));
      if (!one || !other) throw new RangeError('two images are made');
      const items = manifestJson(listed(builder, one, 'app:0'), listed(builder, other, 'app:1'));
      const damaged = Buffer.from(builder.bytesOf(other).toString().replace('"schemaVersion":2', '"schemaVersion":1'));
      const extra = [...items.extra, file(`blobs/sha256/${hexOf(other.digest)}`, damaged)];
      const found = await imagesIn(builder.tarball([one, other], { without: [other.digest], extra }));
      expect(found.images.map(({ name }) => name.replace(/^.*\//, ''))).toEqual(['app:0', 'app:1']);
      expect(faultsOf(found)).toEqual([undefined, 'DigestMismatch']);
    },
  );

  test('that lacks layers in both descriptions is partial: BlobMissing', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(2, { compression: 'gzip' });
    const image = builder.image({ layers });
    const without = layers.map(({ digest }) => digest);
    const object = builder.tarball([image], { ...manifestJson(listed(builder, image, 'app:1')), without });
    const error = await failureIn(object);
    expect(error.name).toBe('BlobMissing');
    for (const digest of without) expect(error.message).toContain(digest);
  });

  test('and plain layers, of which manifest.json lists only some images, is taken as an OCI layout', async () => {
    const builder = new OciLayoutBuilder();
    const one = builder.image({ compression: 'none', platform: 'linux/amd64' });
    const other = builder.image({ compression: 'none', platform: 'linux/arm64', seed: 2 });
    const root = builder.index([one, other]);
    const { images } = await imagesIn(builder.tarball([root], manifestJson(listed(builder, one, 'app:1'))));
    expect(images[0]?.manifests.at(-1)).toMatchObject({ digest: root.digest });
  });

  test('and plain layers keeps what index.json alone has, such as signatures, by taking the OCI layout', async () => {
    const builder = new OciLayoutBuilder();
    const image = builder.image({ compression: 'none' });
    const signature = builder.referrer(image);
    const { images } = await imagesIn(
      builder.tarball([image, signature], manifestJson(listed(builder, image, 'app:1'))),
    );
    expect(images.map(({ manifests }) => manifests.at(-1))).toMatchObject(
      [image, signature].map(({ digest }) => ({ digest })),
    );
  });

  test('taken as a docker archive tells what index.json alone has', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(2);
    const image = builder.image({ layers: layers.toReversed(), diffIds: layers.map(({ diffId }) => diffId) });
    const signature = builder.referrer(image);
    const items = manifestJson(listed(builder, image, 'app:1', layers));
    const { notes } = await imagesIn(builder.tarball([image, signature], items));
    expect(notes[0]).toContain(`Left out what index.json alone has: ${signature.digest}`);
  });

  test('of which one platform is taken tells of the attestations that are left out', async () => {
    const builder = new OciLayoutBuilder();
    const [here, elsewhere] = ['amd64', 'arm64'].map((arch, seed) =>
      builder.image({ platform: `linux/${arch}`, seed }),
    );
    if (!here || !elsewhere) throw new RangeError('two images are made');
    const attestation = builder.attestation(here);
    const options = { ...manifestJson(listed(builder, here, 'app:1')), without: [elsewhere.digest] };
    const { images } = await imagesIn(builder.tarball([builder.index([here, elsewhere, attestation])], options));
    expect(images[0]?.changed).toContain(`without ${attestation.digest}`);
  });

  test('and compressed layers has the names of manifest.json where index.json has none', async () => {
    const builder = new OciLayoutBuilder();
    const [one, other] = [builder.image(), builder.image({ seed: 2 })];
    const items = manifestJson(listed(builder, one, 'app:1'), listed(builder, other, 'app:2'));
    const { images } = await imagesIn(builder.tarball([named(one, { full: 'team/app:3' }), other], items));
    expect(images.map(({ names }) => names.map(({ text }) => text))).toEqual([['team/app:3'], ['app:2']]);
  });
});
