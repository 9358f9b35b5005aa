import { createHash } from 'node:crypto';
import { Gzip } from 'fflate';
import { DiffIdMismatch } from '../contract/errors';
import type { PlainLayer } from '../contract/push-plan';

/**
 * Compresses a plain layer as one gzip member without name or time: the same bytes on every machine (decision 0002).
 * Throws DiffIdMismatch after the last byte when the layer is not the one its config lists.
 */
export async function* gzipLayer(layer: PlainLayer, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let compressed: Uint8Array[] = [];
  const gzip = new Gzip({ level: 1, mtime: 0 }, (piece) => compressed.push(piece));
  for await (const piece of pieces) {
    hash.update(piece);
    gzip.push(piece);
    yield* compressed;
    compressed = [];
  }
  gzip.push(new Uint8Array(0), true);
  const diffId = `sha256:${hash.digest('hex')}`;
  if (diffId !== layer.diffId) throw mismatch(layer, diffId);
  yield* compressed;
}

function mismatch({ diffId, entry, firstByte }: PlainLayer, found: string): DiffIdMismatch {
  return new DiffIdMismatch({
    found: `the layer has diffId ${found}`,
    entry,
    offset: firstByte,
    expected: `${diffId}, as its config says`,
    remedy: 'The tarball is damaged: save the image again and drop it again.',
  });
}
