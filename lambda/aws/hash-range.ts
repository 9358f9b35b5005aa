import { createHash } from 'node:crypto';
import type { ObjectVersion } from '../contract/push-plan';
import { HASHED_AT_ONCE } from '../upload/verify-layer';
import { receiveRange } from './source-object';

/** Digest of `size` bytes of one object version, hashed as they arrive. Errors as of readRange. */
export async function hashRange(
  object: ObjectVersion,
  owner: string,
  firstByte: number,
  size: number,
): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += HASHED_AT_ONCE) {
    const range = { firstByte: firstByte + at, length: Math.min(HASHED_AT_ONCE, size - at) };
    await receiveRange(object, owner, range, (piece) => hash.update(piece));
  }
  return `sha256:${hash.digest('hex')}`;
}
