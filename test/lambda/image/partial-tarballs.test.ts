import { dockerArchive } from '../../support/docker-archive-builder';
import { configOf, digestOf, hexOf, layersOf } from '../../support/image-parts';
import { type BuiltDescriptor, named, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { file, tarball } from '../../support/tar-writer';

/** Three platforms of one image, each with an attestation, of which only the first is in the tarball. */
function partial({ more = {}, nested = false }: { more?: Record<string, unknown>; nested?: boolean } = {}) {
  const builder = new OciLayoutBuilder();
  const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x'];
  const images = platforms.map((platform, at) => builder.image({ platform, seed: at + 1 }));
  const attestations = images.map((image) => builder.attestation(image));
  const [here, ...elsewhere] = images as [BuiltDescriptor, ...BuiltDescriptor[]];
  const children = [...images, ...attestations];
  const index = builder.index(nested ? [builder.index(children)] : children, more);
  const [attested, ...others] = attestations as [BuiltDescriptor, ...BuiltDescriptor[]];
  const without = [...elsewhere, ...others].map(({ digest }) => digest);
  return { builder, index, here, elsewhere, attested, others, without };
}

function signed(by: string) {
  const { builder, index, without, ...rest } = partial();
  const ref = `sha256-${hexOf(index.digest)}.sig`;
  const signature = by === 'subject' ? builder.referrer(index) : named(builder.image({ seed: 99 }), { ref });
  return { ...rest, signature, object: builder.tarball([index, signature], { without }) };
}

function rootOf({ images }: Awaited<ReturnType<typeof imagesIn>>) {
  const root = images[0]?.manifests.at(-1);
  return root?.kind === 'written' ? root : undefined;
}

describe('a partial tarball', () => {
  test.each([undefined, 'strict'] as const)(
    'with missing: %s is BlobMissing with every absent digest',
    async (missing) => {
      const { builder, index, without } = partial();
      const error = await failureIn(builder.tarball([index], { without }), missing ? { missing } : {});
      expect(error.name).toBe('BlobMissing');
      for (const digest of without) expect(error.message).toContain(digest);
      expect(error.message).toContain('"missing": "drop"');
    },
  );

  test('is written again without what is absent by "drop", all else as it was, the same each time', async () => {
    const { builder, index, here, attested, without } = partial({ more: { annotations: { b: '1', a: '2' } } });
    const object = builder.tarball([index], { without });
    const found = await imagesIn(object, { missing: 'drop' });
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: index.mediaType,
      manifests: [here, attested],
      annotations: { b: '1', a: '2' },
    });
    expect(rootOf(found)).toMatchObject({ digest: digestOf(body), body, children: [here.digest, attested.digest] });
    expect(found.images[0]?.changed).toContain(index.digest);
    for (const digest of without) expect(found.notes.join()).toContain(digest);
    expect(rootOf(await imagesIn(object, { missing: 'drop' }))?.digest).toBe(digestOf(body));
  });

  test('that lacks layers of a manifest it holds is written again without that one by "drop"', async () => {
    const builder = new OciLayoutBuilder();
    const layers = layersOf(1, { compression: 'gzip', seed: 7 });
    const children = [builder.image({ platform: 'linux/amd64' }), builder.image({ platform: 'linux/arm64', layers })];
    const attestation = builder.attestation(children[1] as BuiltDescriptor);
    const object = builder.tarball([builder.index([...children, attestation])], {
      without: layers.map(({ digest }) => digest),
    });
    const found = await imagesIn(object, { missing: 'drop' });
    // The attestation is there, but what it is about is not.
    expect(rootOf(found)?.children).toEqual([children[0]?.digest]);
    expect(found.notes.join()).toContain(attestation.digest);
  });

  test('with indexes in indexes has all of them written again by "drop"', async () => {
    const { builder, index, here, attested, without } = partial({ nested: true });
    const { images } = await imagesIn(builder.tarball([index], { without }), { missing: 'drop' });
    const [, , inner, outer] = images[0]?.manifests ?? [];
    expect(inner).toMatchObject({ kind: 'written', children: [here.digest, attested.digest] });
    if (inner?.kind !== 'written' || outer?.kind !== 'written') throw new TypeError('both are written');
    expect(JSON.parse(outer.body).manifests).toEqual([
      { mediaType: index.mediaType, digest: inner.digest, size: Buffer.byteLength(inner.body) },
    ]);
    expect(digestOf(inner.body)).toBe(inner.digest);
  });

  test('of which nothing is whole stays BlobMissing with "drop"', async () => {
    const { builder, index, here, without } = partial();
    const error = await failureIn(builder.tarball([index], { without: [...without, here.digest] }), {
      missing: 'drop',
    });
    expect([error.name, error.message]).toEqual(['BlobMissing', expect.stringContaining(here.digest)]);
  });

  test.each(['subject', 'tag'])(
    'whose index is signed (by %s) is not written again: BlobMissing says why',
    async (by) => {
      const { object } = signed(by);
      const several = ['linux/amd64', 'linux/arm64'];
      for (const options of [{ missing: 'drop' }, { missing: 'only', platforms: several }] as const) {
        const error = await failureIn(object, options);
        expect([error.name, error.message]).toEqual(['BlobMissing', expect.stringContaining('referrer')]);
      }
    },
  );

  test.each(['subject', 'tag'])(
    'gives one platform of a signed index (by %s), and leaves the signature out',
    async (by) => {
      const { object, here, signature } = signed(by);
      const { images, notes } = await imagesIn(object, { missing: 'only', platforms: ['linux/amd64'] });
      expect(images.map(({ manifests }) => manifests)).toEqual([[expect.objectContaining({ digest: here.digest })]]);
      expect(notes).toContainEqual(expect.stringMatching(`^Left out.*${signature.digest}`));
    },
  );

  test('gives the manifest of one platform, byte for byte, by "only"', async () => {
    const { builder, index, here, without, attested } = partial();
    const object = builder.tarball([named(index, { full: 'docker.io/library/app:1' })], { without });
    const { images, notes } = await imagesIn(object, { missing: 'only', platforms: ['linux/amd64'] });
    expect(images).toEqual([
      expect.objectContaining({
        name: 'docker.io/library/app:1',
        manifests: [expect.objectContaining({ kind: 'verbatim', digest: here.digest })],
        changed: expect.stringContaining(index.digest),
      }),
    ]);
    for (const digest of [...without, attested.digest]) expect(notes.join()).toContain(digest);
  });

  test('gives an index of several platforms, with their attestations, by "only"', async () => {
    const { builder, index, here, elsewhere, attested, others } = partial();
    const [arm, s390] = elsewhere;
    const without = [s390, others[1]].map((descriptor) => descriptor?.digest ?? '');
    const found = await imagesIn(builder.tarball([index], { without }), {
      missing: 'only',
      platforms: ['linux/arm64', 'linux/amd64'],
    });
    expect(rootOf(found)?.children).toEqual([here, arm, attested, others[0]].map((child) => child?.digest));
  });

  test('that lacks blobs of a platform asked for is BlobMissing', async () => {
    const { builder, index, without, elsewhere } = partial();
    const object = builder.tarball([index], { without });
    for (const platforms of [['linux/arm64'], ['linux/amd64', 'linux/arm64']]) {
      const error = await failureIn(object, { missing: 'only', platforms });
      expect([error.name, error.message]).toEqual([
        'BlobMissing',
        expect.stringContaining(elsewhere[0]?.digest ?? '-'),
      ]);
      expect(error.message).not.toContain(elsewhere[1]?.digest);
    }
  });

  test('that never had a platform asked for is RequestInvalid with those it has', async () => {
    const { builder, index, without } = partial();
    const error = await failureIn(builder.tarball([index], { without }), { missing: 'only', platforms: ['linux/arm'] });
    expect([error.name, error.message]).toEqual(['RequestInvalid', expect.stringContaining('linux/amd64')]);
  });
});

test('"drop" and "only" of all platforms leave a whole index as it is', async () => {
  const builder = new OciLayoutBuilder();
  const platforms = ['linux/amd64', 'linux/arm64'];
  const index = builder.index(platforms.map((platform, seed) => builder.image({ platform, seed })));
  for (const options of [{ missing: 'drop' }, { missing: 'only', platforms }] as const) {
    const { images } = await imagesIn(builder.tarball([index]), options);
    expect(images[0]?.manifests.at(-1)).toMatchObject({ kind: 'verbatim', digest: index.digest });
    expect(images[0]).not.toHaveProperty('changed');
  }
});

describe('what docker saves from the containerd store', () => {
  const saved = () => {
    const { builder, index, here, without, attested } = partial();
    const { config, layers } = JSON.parse(builder.bytesOf(here).toString());
    const path = ({ digest }: { digest: string }) => `blobs/sha256/${hexOf(digest)}`;
    const list = JSON.stringify([{ Config: path(config), RepoTags: ['app:1'], Layers: layers.map(path) }]);
    const absent = [...without, attested.digest];
    return {
      index,
      here,
      absent,
      object: builder.tarball([index], { without: absent, extra: [file('manifest.json', list)] }),
    };
  };

  test('is the platform that it holds where the request says nothing, as docker push has it', async () => {
    const { here, object } = saved();
    const { images } = await imagesIn(object);
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ digest: here.digest })]);
  });

  test('is BlobMissing with every absent digest by "strict"', async () => {
    const { absent, object } = saved();
    const error = await failureIn(object, { missing: 'strict' });
    expect(error.name).toBe('BlobMissing');
    for (const digest of absent) expect(error.message).toContain(digest);
  });

  test('is an index of what it holds by "drop", and one platform by "only"', async () => {
    const { here, object } = saved();
    expect(rootOf(await imagesIn(object, { missing: 'drop' }))?.children).toEqual([here.digest]);
    const { images } = await imagesIn(object, { missing: 'only', platforms: ['linux/amd64'] });
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ digest: here.digest })]);
  });
});

test('a docker archive of several platforms gives those asked for, and tells of the others', async () => {
  const config = configOf([], { architecture: 'arm64' });
  const { tarball: object } = dockerArchive({ images: [{ tags: ['app:amd'] }] });
  const { images } = await imagesIn(object, { missing: 'only', platforms: ['linux/amd64'] });
  expect(images).toHaveLength(1);
  expect((await failureIn(object, { missing: 'only', platforms: ['linux/arm64'] })).name).toBe('RequestInvalid');
  const list = [{ Config: 'config.json', RepoTags: ['app:arm'], Layers: [] }];
  const arm = tarball([file('config.json', config), file('manifest.json', JSON.stringify(list))]);
  expect((await failureIn(arm, { missing: 'only', platforms: ['linux/amd64'] })).message).toContain('linux/arm64');
});
