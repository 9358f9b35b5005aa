import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const MIB = 1024 * 1024;
const FOLDERS = ['/usr/lib', '/usr/share', '/usr/bin', '/usr/local'];

/** An image in a file, to be pushed. */
export interface Archive {
  readonly file: string;
  readonly format: 'oci-archive' | 'docker-archive';
  /** Of the file. */
  readonly bytes: number;
}

/** Shape of an archive: how many layers of how many MiB of plain tar each. */
export interface Shape {
  readonly format: Archive['format'];
  readonly layers: number;
  readonly layerMib: number;
  /** Changes the last layer, and so nothing else. */
  readonly variant?: number;
}

interface Layer {
  readonly diffId: string;
  readonly digest: string;
  readonly stored: Buffer;
}

/** Makes an archive whose layers hold files of this machine, unless an earlier run left it in the folder. */
export async function makeArchive(folder: string, shape: Shape): Promise<Archive> {
  const { format, layers, layerMib, variant = 0 } = shape;
  const file = join(folder, `${format}-${layers}x${layerMib}-${variant}.tar`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    await writeArchive(`${file}.part`, shape);
    renameSync(`${file}.part`, file);
  }
  return { file, format, bytes: statSync(file).size };
}

async function writeArchive(file: string, shape: Shape): Promise<void> {
  const archive = pack();
  const written = writeFile(file, archive as AsyncIterable<Buffer>);
  const put = (name: string, content: Buffer) =>
    new Promise<void>((resolve, reject) => {
      archive.entry({ name, mtime: new Date(0) }, content, (error) => (error ? reject(error) : resolve()));
    });
  const layers = [];
  for await (const plain of plainLayers(shape)) {
    const { stored, ...layer } = storedLayer(plain, shape.format);
    await put(layerName(layer.digest, shape.format), stored);
    layers.push({ ...layer, size: stored.length });
  }
  for (const [name, content] of documents(layers, shape.format)) await put(name, content);
  archive.finalize();
  await written;
}

function storedLayer(plain: Buffer, format: Archive['format']): Layer {
  const stored = format === 'docker-archive' ? plain : gzipSync(plain, { level: 1 });
  return { diffId: digestOf(plain), digest: digestOf(stored), stored };
}

function layerName(digest: string, format: Archive['format']): string {
  const hex = digest.slice('sha256:'.length);
  return format === 'docker-archive' ? `${hex}/layer.tar` : `blobs/sha256/${hex}`;
}

function documents(
  layers: readonly (Omit<Layer, 'stored'> & { size: number })[],
  format: Archive['format'],
): [name: string, content: Buffer][] {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const config = json({ architecture: 'amd64', os: 'linux', config: {}, rootfs });
  if (format === 'docker-archive') {
    const name = `${digestOf(config).slice('sha256:'.length)}.json`;
    const Layers = layers.map(({ digest }) => layerName(digest, format));
    return [
      [name, config],
      ['manifest.json', json([{ Config: name, RepoTags: ['bench:1'], Layers }])],
    ];
  }
  const descriptor = (mediaType: string, digest: string, size: number) => ({ mediaType, digest, size });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', digestOf(config), config.length),
    layers: layers.map(({ digest, size }) => descriptor('application/vnd.oci.image.layer.v1.tar+gzip', digest, size)),
  });
  const root = descriptor('application/vnd.oci.image.manifest.v1+json', digestOf(manifest), manifest.length);
  return [
    [layerName(digestOf(config), format), config],
    [layerName(digestOf(manifest), format), manifest],
    ['index.json', json({ schemaVersion: 2, manifests: [root] })],
    ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
  ];
}

/** Tars of files of this machine, one after another. */
async function* plainLayers({ layers, layerMib, variant = 0 }: Shape): AsyncGenerator<Buffer> {
  let files = machineFiles();
  for (let at = 0; at < layers; at += 1) {
    const isChanged = at === layers - 1 && variant > 0;
    const layer = pack();
    const whole = collected(layer);
    if (isChanged) layer.entry({ name: 'changed', mtime: new Date(0) }, String(variant));
    for (let bytes = 0; bytes < layerMib * MIB; ) {
      const next = files.next();
      if (next.done) {
        // A machine with few files: from the start again.
        files = machineFiles();
        continue;
      }
      bytes += next.value.content.length;
      layer.entry({ name: next.value.name, mtime: new Date(0) }, next.value.content);
    }
    layer.finalize();
    yield await whole;
  }
}

async function collected(pieces: AsyncIterable<unknown>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece as Buffer);
  return Buffer.concat(all);
}

/** Files between 1 byte and 16 MiB, in the order of their names: the same on one machine from run to run. */
function* machineFiles(): Generator<{ name: string; content: Buffer }> {
  for (const folder of FOLDERS.filter((each) => existsSync(each))) yield* filesBelow(folder);
}

function* filesBelow(folder: string): Generator<{ name: string; content: Buffer }> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    const size = entry.isFile() ? statSync(path).size : 0;
    if (size > 0 && size <= 16 * MIB) yield { name: path.slice(1), content: readFileSync(path) };
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Leaves a file where a peer that wants one finds it. */
export function writeConfiguration(folder: string, name: string, content: unknown): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(content));
  return folder;
}
