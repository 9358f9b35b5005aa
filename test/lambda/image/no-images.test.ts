import { imagesIn } from '../../support/read-tarball';
import { directory, file, type TarMember, tarball } from '../../support/tar-writer';

const ID = 'a'.repeat(64);

test.each<[string, TarMember[], string]>([
  ['a root filesystem', [directory('bin'), directory('etc'), file('usr/bin/env')], 'docker export'],
  ['an archive of version 1', [file(`${ID}/layer.tar`, 'x'), file('repositories', '{}')], 'version 1'],
  ["skopeo's dir", [file('manifest.json', '{"schemaVersion":2}'), file('version', '1.1')], 'dir:'],
  ['a layout in a folder', [file('app/oci-layout', '{}'), file('app/index.json', '{}')], 'folder "app"'],
  ['a layout without index.json', [file('oci-layout', '{}')], 'without index.json'],
  ['an index.json alone', [file('index.json', '{}')], 'no blobs'],
  ['a Helm chart', [file('app/Chart.yaml', 'name: app')], 'Helm chart'],
  ['the disk of a virtual machine', [file('disk.raw', 'x')], 'disk of a virtual machine ("disk.raw")'],
  ['a tar in a tar', [file('image.tar.gz', 'x')], '"image.tar.gz"'],
  ['something else', [file('README', 'x')], 'holds no image'],
])('%s is ManifestMissing, and called what it is', async (_, members, what) => {
  const message = expect.stringContaining(what);
  await expect(imagesIn(tarball(members))).rejects.toMatchObject({ name: 'ManifestMissing', message });
});
