import type { ReadableLayer } from '../contract/upload-plan';
import type { LayerHash } from '../upload/layer-hash';
import { HASHED_AT_ONCE } from '../upload/verify-layer';
import { receiveRange } from './source-object';

/** Hashes the bytes of a layer from where the hash stands up to `end`, as they arrive. Errors as of readRange. */
export async function hashUpTo(
  end: number,
  hash: LayerHash,
  { from, firstByte }: Pick<ReadableLayer, 'from' | 'firstByte'>,
  owner: string,
  abortSignal?: AbortSignal,
): Promise<void> {
  while (hash.nextByte < end) {
    let at = hash.nextByte;
    const range = { firstByte: firstByte + at, length: Math.min(HASHED_AT_ONCE, end - at) };
    const take = (piece: Uint8Array) => {
      hash.add(at, piece);
      at += piece.length;
    };
    await receiveRange(from, owner, range, take, abortSignal);
  }
}
