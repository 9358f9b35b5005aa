import { createHash } from 'node:crypto';
import type { ObjectVersion } from '../contract/push-plan';
import { receiveRange } from './source-object';

// What one GET asks for, and so what is lost when it breaks off. Nothing of it is held.
const WINDOW = 256 * 1024 * 1024;

/** Digest of `size` bytes of one object version, hashed as they arrive. Errors as of readRange. */
export async function hashRange(
  object: ObjectVersion,
  owner: string,
  firstByte: number,
  size: number,
): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += WINDOW) {
    const range = { firstByte: firstByte + at, length: Math.min(WINDOW, size - at) };
    await receiveRange(object, owner, range, (piece) => hash.update(piece));
  }
  return `sha256:${hash.digest('hex')}`;
}
