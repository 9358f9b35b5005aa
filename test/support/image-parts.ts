import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { noise } from './tar-content';
import { file, tarball } from './tar-writer';

/** How the bytes of a layer are stored. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** One layer: a tar, and the bytes it is stored as. */
export interface LayerParts {
  readonly diffId: string;
  /** The uncompressed tar. */
  readonly plain: Buffer;
  /** The bytes in the tarball. */
  readonly stored: Buffer;
  /** Of the stored bytes. */
  readonly digest: string;
  readonly compression: Compression;
}

/** What a layer is made from. */
export interface LayerOptions {
  /** Layers of one seed are the same. */
  readonly seed?: number;
  /** Bytes of the one file in it, which do not compress. */
  readonly size?: number;
  readonly compression?: Compression;
}

/** sha256 digest of bytes. */
export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The hexadecimal digits of a digest. */
export function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** The same bytes with one bit turned over, near the end. */
export function flipped(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(copy.length - 2) ^ 1, copy.length - 2);
  return copy;
}

/** A layer with one file. */
export function layerOf({ seed = 1, size = 100, compression = 'none' }: LayerOptions = {}): LayerParts {
  const plain = tarball([file(`srv/file-${seed}`, noise(size, seed))]).toBuffer();
  return storedAs(plain, compression);
}

/** A layer of an empty directory: nothing but two blocks of zeros. */
export function emptyLayer(compression: Compression = 'none'): LayerParts {
  return storedAs(Buffer.alloc(1024), compression);
}

/** As many different layers as asked for. */
export function layersOf(count: number, { seed = 1, ...options }: LayerOptions = {}): LayerParts[] {
  return Array.from({ length: count }, (_, at) => layerOf({ ...options, seed: seed * 1000 + at }));
}

/** Stands in the Env of every config: it must be seen nowhere but in the image. */
export const SECRET_IN_CONFIG = 'in-the-image-alone';

/** An image config that lists these diffIds. */
export function configOf(diffIds: readonly string[], { os = 'linux', architecture = 'amd64' } = {}): Buffer {
  const Env = [`DATABASE_PASSWORD=${SECRET_IN_CONFIG}`];
  const config = { Cmd: ['/srv/run'], Env, Healthcheck: { Test: ['NONE'] } };
  return Buffer.from(JSON.stringify({ architecture, os, config, rootfs: { type: 'layers', diff_ids: diffIds } }));
}

function storedAs(plain: Buffer, compression: Compression): LayerParts {
  const stored = { none: () => plain, gzip: () => gzipSync(plain), zstd: () => zstdCompressSync(plain) }[compression]();
  return { diffId: digestOf(plain), plain, stored, digest: digestOf(stored), compression };
}
