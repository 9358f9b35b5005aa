import { createHash } from 'node:crypto';
import { DigestMismatch } from '../contract/errors';
import type { PlannedLayer } from '../contract/upload-plan';
import { diffIdMismatch } from '../image/diff-id-mismatch';
import { diffIdOf } from '../image/layer-content';

/** Bytes that one GET asks for where a layer is read to be hashed: what is lost when it breaks off. None are held. */
export const HASHED_AT_ONCE = 256 * 1024 * 1024;

/** A layer whose content is compared with what its configs say of it. */
type ClaimedLayer = PlannedLayer & { readonly diffIds: readonly string[] };

/** Throws DigestMismatch unless the bytes, whose digest was found to be this, are those of the layer. */
export function verifyDigest(layer: PlannedLayer, found: string): void {
  if (found !== layer.digest) throw mismatch(layer, found);
}

/**
 * Throws DigestMismatch unless the bytes have the digest they are known by. Their content is compared with the layer's
 * diffIds in the same read: DiffIdMismatch, LayerCorrupt where it cannot be decompressed.
 */
export async function verifyContent(layer: ClaimedLayer, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const bytes = new HashedBytes(pieces);
  const fault = await faultOfContent(layer, bytes);
  if (bytes.failure !== undefined) throw bytes.failure;
  // Damaged bytes are the cause of all else that is wrong with them, so they are read to their end first.
  for await (const _ of bytes);
  verifyDigest(layer, bytes.digest());
  if (fault !== undefined) throw fault;
}

/** What passes through it is hashed. Who stops early leaves the rest to the next reader. */
class HashedBytes implements AsyncIterable<Uint8Array> {
  /** Why the bytes could not be read. */
  failure: unknown;
  readonly #hash = createHash('sha256');
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#source = pieces[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() };
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const next = await this.#source.next().catch((error: unknown) => {
      this.failure = error;
      throw error;
    });
    if (!next.done) this.#hash.update(next.value);
    return next;
  }
}

async function faultOfContent(layer: ClaimedLayer, bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  try {
    const found = await diffIdOf(layer, bytes);
    const claimed = layer.diffIds.find((diffId) => diffId !== found);
    return claimed === undefined ? undefined : diffIdMismatch({ ...layer, diffId: claimed }, found);
  } catch (error) {
    return error;
  }
}

function mismatch(layer: PlannedLayer, digest: string): DigestMismatch {
  return new DigestMismatch({
    found: `the bytes have digest ${digest}`,
    entry: layer.entry,
    offset: layer.firstByte,
    expected: layer.digest,
    remedy: 'The tarball is damaged: save the image again and drop it again.',
  });
}
