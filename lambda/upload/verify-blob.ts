import { createHash } from 'node:crypto';
import { DigestMismatch } from '../contract/errors';
import type { PlannedLayer } from '../contract/upload-plan';

/** Throws DigestMismatch unless the bytes have the digest they are known by. */
export async function verifyBlob(layer: PlannedLayer, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  const digest = `sha256:${hash.digest('hex')}`;
  if (digest === layer.digest) return;
  throw new DigestMismatch({
    found: `the bytes have digest ${digest}`,
    entry: layer.entry,
    offset: layer.firstByte,
    expected: layer.digest,
    remedy: 'The tarball is damaged: save the image again and drop it again.',
  });
}
