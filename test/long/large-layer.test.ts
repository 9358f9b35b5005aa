import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { configOf, digestOf } from '../support/image-parts';
import { noise } from '../support/tar-content';
import { file, type Tarball, tarball } from '../support/tar-writer';

const ROOT = resolve(__dirname, '../..');
const GIB = 1024 ** 3;
const MOST_MIB = 300;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-large-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('no function needs 300 MiB for a layer of 3 GiB that is sent as it lies', async () => {
  const path = join(folder, 'oci.tar');
  await write(await ociTarball(3 * GIB), path);
  expectBounded(demo(path));
}, 900_000);

test('no function needs 300 MiB for a layer of 1 GiB that is compressed first', async () => {
  const path = join(folder, 'docker.tar');
  await write(await dockerTarball(GIB), path);
  expectBounded(demo(path));
}, 900_000);

test('no function needs 300 MiB for a tarball of 1 GiB that is compressed as a whole', async () => {
  const path = join(folder, 'oci.tar.gz');
  await pipeline(Readable.from((await ociTarball(GIB)).stream()), createGzip({ level: 1 }), createWriteStream(path));
  expectBounded(demo(path));
}, 900_000);

function demo(path: string): string {
  return execFileSync('npm', ['run', 'demo', '--', path], { cwd: ROOT, encoding: 'utf8' });
}

/** Reads the table that the demo ends with. */
function expectBounded(output: string): void {
  process.stdout.write(output.slice(output.indexOf('function ')));
  const rows = [...output.matchAll(/^(\w+) +\d+ +[\d.]+ s +([\d.]+) MiB +\d+ MiB$/gm)];
  expect(rows.length).toBeGreaterThan(9);
  expect(output).toContain('every digest is right');
  const above = rows.filter(([, , peak]) => Number(peak) >= MOST_MIB).map(([row]) => row);
  expect(above).toEqual([]);
}

function layerOf(size: number): Tarball {
  return tarball([file('srv/large', noise(size))]);
}

async function ociTarball(size: number): Promise<Tarball> {
  const layer = layerOf(size);
  const diffId = await digestOfStream(layer);
  const config = configOf([diffId]);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: diffId, size: layer.size }],
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: digestOf(manifest),
        size: Buffer.byteLength(manifest),
      },
    ],
  });
  return tarball([
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    file(blob(digestOf(config)), config),
    file(blob(digestOf(manifest)), manifest),
    file(blob(diffId), layer),
    file('index.json', index),
  ]);
}

async function dockerTarball(size: number): Promise<Tarball> {
  const layer = layerOf(size);
  const config = configOf([await digestOfStream(layer)]);
  const list = [{ Config: 'config.json', RepoTags: ['large:1'], Layers: ['layer.tar'] }];
  return tarball([file('layer.tar', layer), file('config.json', config), file('manifest.json', JSON.stringify(list))]);
}

function blob(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function digestOfStream(content: Tarball): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content.stream()) hash.update(piece);
  return `sha256:${hash.digest('hex')}`;
}

async function write(content: Tarball, path: string): Promise<void> {
  await pipeline(Readable.from(content.stream()), createWriteStream(path));
}
