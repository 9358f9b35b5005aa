import { createHash } from 'node:crypto';
import type { PlainLayer } from '../contract/push-plan';
import { diffIdMismatch } from './diff-id-mismatch';

/** Bytes of a layer that are compressed on their own: part of what makes the digest, so never a setting. */
export const BLOCK_SIZE = 1024 * 1024;

/** Where blocks are compressed: `width` of them at once. */
export interface BlockCompressor {
  readonly width: number;
  compress(block: Uint8Array): Promise<Uint8Array>;
}

/**
 * Compresses a plain layer as gzip members of 1 MiB each, side by side and in order; the bytes do not depend on how many
 * at once. Throws DiffIdMismatch after the last byte when the layer is not the one its config lists.
 */
export async function* gzipLayer(
  layer: PlainLayer,
  pieces: AsyncIterable<Uint8Array>,
  { width, compress }: BlockCompressor,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const underWay: Promise<Uint8Array>[] = [];
  try {
    for await (const block of inBlocks(pieces)) {
      hash.update(block);
      underWay.push(compress(block));
      const first = underWay.length > width ? underWay.shift() : undefined;
      if (first) yield await first;
    }
    const diffId = `sha256:${hash.digest('hex')}`;
    if (diffId !== layer.diffId) throw diffIdMismatch(layer, diffId);
    for (let next = underWay.shift(); next; next = underWay.shift()) yield await next;
  } finally {
    // What is under way when something fails may fail as well, with nobody to tell.
    for (const block of underWay) block.catch(() => undefined);
  }
}

/** The same bytes in blocks of their own memory, whatever the pieces are. */
async function* inBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(BLOCK_SIZE);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + BLOCK_SIZE - filled);
      block.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < BLOCK_SIZE) continue;
      yield block;
      block = new Uint8Array(BLOCK_SIZE);
      filled = 0;
    }
  }
  if (filled > 0) yield block.slice(0, filled);
}
