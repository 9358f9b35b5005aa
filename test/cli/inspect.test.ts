import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inspectTarball } from '../../cli/inspect/inspection';
import { inspectionReport } from '../../cli/inspect/inspection-report';
import { imageTarball } from '../support/image-tarball';
import { OciLayoutBuilder, ociLayout } from '../support/oci-layout-builder';
import { slipway } from './command-line';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an OCI layout is told with its names, digest, platform, and layers as they lie', async () => {
  const layout = ociLayout({ layers: 2, seed: 1, name: 'team-a/app:1.0' });
  const inspection = await inspected('layout.tar', layout.tarball.toBuffer());
  expect(inspection).toMatchObject({ problems: [], notes: [] });
  const [image, ...others] = inspection.images;
  expect(others).toEqual([]);
  expect(image).toMatchObject({ names: ['team-a/app:1.0'], digest: layout.digest, platforms: ['linux/amd64'] });
  expect(image?.layers.map(({ compression }) => compression)).toEqual(['gzip', 'gzip']);
});

test('an index is told with every platform, and what signs it with what it is about', async () => {
  const builder = new OciLayoutBuilder();
  const platforms = ['linux/amd64', 'linux/arm64'].map((platform) => builder.image({ platform, seed: 2 }));
  const index = builder.index([...platforms, ...platforms.map((image) => builder.attestation(image))]);
  const signature = builder.referrer(index);
  const { images } = await inspected('index.tar', builder.tarball([index, signature]).toBuffer());
  expect(images).toMatchObject([
    { digest: index.digest, platforms: ['linux/amd64', 'linux/arm64'], manifests: 5 },
    { digest: signature.digest, artifactType: 'application/vnd.example.signature', subject: images[0]?.name },
  ]);
});

test('a docker archive that is compressed as a whole is unpacked, and its layers are told as plain', async () => {
  const plain = imageTarball({ format: 'docker', layers: 2, name: 'team-a/app:1.0' }).toBuffer();
  const inspection = await inspected('archive.tar.gz', gzipSync(plain));
  expect(inspection).toMatchObject({ compression: 'gzip', unpackedSize: plain.length });
  expect(inspection.images[0]?.layers).toMatchObject([
    { compression: 'tar', diffId: expect.stringMatching(/^sha256:/) },
    { compression: 'tar', diffId: expect.stringMatching(/^sha256:/) },
  ]);
  expect(inspection.images[0]?.changed).toContain('compresses 2 plain layers');
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('slipway-tarball-'))).toEqual([]);
});

test('the report names the problem of a broken tarball: code, cause, place, what was expected, remedy', async () => {
  const bytes = imageTarball({ layers: 1, seed: 2 }).toBuffer();
  const inspection = await inspected('half.tar', bytes.subarray(0, bytes.length / 2));
  const lines = inspectionReport(inspection).split('\n').slice(2);
  expect(lines.map((line) => line.split(' ', 1)[0])).toEqual(['failed', 'cause', 'where', 'expected', 'remedy', 'see']);
  expect(lines[0]).toBe(`failed   TarTruncated: ${join(folder, 'half.tar')}`);
});

test('an image that cannot be pushed is a problem, and the other is told', async () => {
  const builder = new OciLayoutBuilder();
  const images = [3, 4].map((seed) => ({
    ...builder.image({ seed }),
    annotations: { 'io.containerd.image.name': `docker.io/team-a/image-${seed}:1` },
  }));
  const { layers } = JSON.parse(builder.bytesOf(images[0] as never).toString());
  const tarball = builder.tarball(images, { without: [layers[0].digest] });
  const inspection = await inspected('one-bad.tar', tarball.toBuffer());
  expect(inspection.images).toHaveLength(1);
  expect(inspection.problems).toMatchObject([{ code: 'BlobMissing', remedy: expect.any(String) }]);
});

test('a file needs no AWS; exit codes tell sound tarballs, problems, and files that cannot be read', async () => {
  writeFileSync(join(folder, 'sound.tar'), imageTarball().toBuffer());
  writeFileSync(join(folder, 'text.tar'), 'no tar at all');
  const [sound, text, none, contradiction] = await Promise.all([
    slipway(['inspect', '--json', 'sound.tar'], { cwd: folder }),
    slipway(['inspect', 'sound.tar', 'text.tar'], { cwd: folder }),
    slipway(['inspect', 'none.tar'], { cwd: folder }),
    slipway(['inspect', 'sound.tar', '--missing', 'only'], { cwd: folder }),
  ]);
  expect(sound).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(sound.stdout)).toMatchObject({ tarball: 'sound.tar', problems: [] });
  expect(text).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^tarball {2}sound[\s\S]*^failed {3}NotAnArchive/m),
  });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('none.tar cannot be read: ENOENT') });
  expect(contradiction).toMatchObject({ code: 2, stderr: expect.stringContaining('--platforms: "platforms" and') });
});

async function inspected(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return inspectTarball(path, () => Promise.reject(new Error('no AWS is needed')) as never, {});
}
