import { dockerArchive } from '../../support/docker-archive-builder';
import { named, OciLayoutBuilder } from '../../support/oci-layout-builder';
import { failureIn, imagesIn } from '../../support/read-tarball';
import { directory, file, tarball } from '../../support/tar-writer';

const BASE_NAME = 'org.opencontainers.image.base.name';

function layoutIn(prefix: string, seed = 1) {
  const builder = new OciLayoutBuilder();
  const root = builder.image({ seed });
  return { root, members: builder.members([root], { prefix }) };
}

describe('an OCI layout', () => {
  test.each(['images/', 'my-image/', 'package/images/', './my-image/'])(
    'under %s is found, and told',
    async (prefix) => {
      const { root, members } = layoutIn(prefix);
      const { images, notes } = await imagesIn(tarball([file('zarf.yaml', 'kind: ZarfPackageConfig'), ...members]));
      expect(images[0]?.manifests).toEqual([expect.objectContaining({ kind: 'verbatim', digest: root.digest })]);
      expect(notes).toEqual([expect.stringContaining(`"${prefix.replace(/^\.\/|\/$/g, '')}"`)]);
    },
  );

  test('names entries in messages by their whole path', async () => {
    const builder = new OciLayoutBuilder();
    const root = builder.image();
    const path = `images/blobs/sha256/${root.digest.slice(7)}`;
    const members = builder.members([root], { prefix: 'images/', extra: [file(path, '{}'.padEnd(root.size))] });
    const error = await failureIn(tarball(members));
    expect([error.name, error.message]).toEqual(['DigestMismatch', expect.stringContaining(path)]);
  });

  test('of a Zarf package takes the names of older versions, and no other layout does', async () => {
    const builder = new OciLayoutBuilder();
    const root = { ...builder.image(), annotations: { [BASE_NAME]: 'ghcr.io/team/app:1' } };
    const members = builder.members([root], { prefix: 'images/' });
    const zarf = await imagesIn(tarball([file('zarf.yaml', 'x'), ...members]));
    expect(zarf.images[0]?.names[0]).toMatchObject({ repository: 'team/app', tag: '1' });
    expect((await imagesIn(tarball(members))).images[0]?.names).toEqual([]);
  });

  test('of Hauler without the file oci-layout is found by its blobs', async () => {
    const { members, root } = layoutIn('');
    const { images } = await imagesIn(tarball(members.slice(0, -1)));
    expect(images[0]?.manifests).toEqual([expect.objectContaining({ digest: root.digest })]);
  });

  test('beside another one in the same tarball is an EntryConflict that names both', async () => {
    const both = tarball([...layoutIn('one/').members, ...layoutIn('two/', 2).members]);
    const error = await failureIn(both);
    expect([error.name, error.message]).toEqual(['EntryConflict', expect.stringContaining('"one", "two"')]);
    const nested = tarball([...layoutIn('').members, ...layoutIn('images/', 2).members]);
    expect((await failureIn(nested)).name).toBe('EntryConflict');
  });

  test('deeper than two folders is not looked for: ManifestMissing says where it is', async () => {
    const error = await failureIn(tarball(layoutIn('a/b/c/').members));
    expect([error.name, error.message]).toEqual(['ManifestMissing', expect.stringContaining('"a/b/c"')]);
  });
});

describe('a docker archive', () => {
  test.each(['docker', 'podman', 'ggcr'] as const)('of %s in a folder that wraps all is found', async (style) => {
    const built = dockerArchive({ style, layers: 2, prefix: 'my-image/' });
    const { images, plainLayers } = await imagesIn(built.tarball);
    expect(images[0]?.manifests[0]).toMatchObject({ kind: 'assembled', config: built.images[0]?.configDigest });
    expect(plainLayers).toHaveLength(2);
  });

  test('is not every folder with a manifest.json: ManifestMissing', async () => {
    const web = tarball([file('app/manifest.json', '{}'), file('app/index.html', ''), file('readme', '')]);
    expect((await failureIn(web)).name).toBe('ManifestMissing');
  });
});

test('names inside a folder do not count for the root', async () => {
  const { members, root } = layoutIn('images/');
  const { images } = await imagesIn(tarball([directory('blobs'), ...members]));
  expect(images[0]?.name).toBe(root.digest);
  const builder = new OciLayoutBuilder();
  const image = named(builder.image(), { ref: 'app:1' });
  expect((await imagesIn(tarball(builder.members([image], { prefix: 'x/' })))).images[0]?.name).toBe('app:1');
});
