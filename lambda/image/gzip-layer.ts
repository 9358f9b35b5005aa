import { createHash } from 'node:crypto';
import type { PlainLayer } from '../contract/push-plan';
import { diffIdMismatch } from './diff-id-mismatch';

/** Bytes of a layer that are compressed on their own: part of what makes the digest, so never a setting. */
export const BLOCK_SIZE = 1024 * 1024;

/** Memory of a block: what does not compress becomes a little larger. */
export const BLOCK_ROOM = BLOCK_SIZE + BLOCK_SIZE / 16;

/**
 * Bytes at the start of BLOCK_ROOM of memory, which is handed to a thread and back. To copy from or to memory that threads
 * share takes V8 word by word, or byte by byte.
 */
export type Block = Uint8Array<ArrayBuffer>;

/** Where blocks are compressed, `width` of them at once: the member comes back in the memory of its block, which nobody else has then. */
export interface BlockCompressor {
  readonly width: number;
  compress(block: Block): Promise<Block>;
}

/**
 * Compresses a plain layer as gzip members of 1 MiB each, side by side and in order; the bytes do not depend on how many
 * at once. A member is good until the next one is asked for. Throws DiffIdMismatch after the last byte when the layer is
 * not the one its config lists.
 */
export async function* gzipLayer(
  layer: PlainLayer,
  pieces: AsyncIterable<Uint8Array>,
  { width, compress }: BlockCompressor,
): AsyncGenerator<Block> {
  const hash = createHash('sha256');
  const underWay: Promise<Block>[] = [];
  try {
    for await (const block of inBlocks(pieces)) {
      hash.update(block);
      underWay.push(compress(block));
      if (underWay.length > width) yield* inTurn(underWay);
    }
    const diffId = `sha256:${hash.digest('hex')}`;
    if (diffId !== layer.diffId) throw diffIdMismatch(layer, diffId);
    while (underWay.length > 0) yield* inTurn(underWay);
  } finally {
    // What is under way when something fails may fail as well, with nobody to tell.
    for (const block of underWay) block.catch(() => undefined);
  }
}

/** The member that is first in turn; its memory is free afterwards. */
async function* inTurn(underWay: Promise<Block>[]): AsyncGenerator<Block> {
  const member = await underWay.shift();
  if (!member) return;
  yield member;
  free.push(member.buffer);
}

/** The same bytes in blocks, whatever the pieces are. */
async function* inBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  let block = freeBlock();
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + BLOCK_SIZE - filled);
      block.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < BLOCK_SIZE) continue;
      yield block;
      block = freeBlock();
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
  else free.push(block.buffer);
}

function freeBlock(): Block {
  return new Uint8Array(free.pop() ?? new ArrayBuffer(BLOCK_ROOM), 0, BLOCK_SIZE);
}

// Of layers before: fresh memory is paid for page by page.
const free: ArrayBuffer[] = [];
