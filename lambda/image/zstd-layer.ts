import { createHash } from 'node:crypto';
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib';
import type { PlainLayer } from '../contract/push-plan';
import { diffIdMismatch } from './diff-id-mismatch';

const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/**
 * Compresses a plain layer as one zstd frame: the same bytes however the layer is cut into pieces (decision 0009).
 * Throws DiffIdMismatch after the last byte when the layer is not the one its config lists.
 */
export async function* zstdLayer(layer: PlainLayer, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zstd = createZstdCompress(OPTIONS);
  const fed = feed(zstd, layer, pieces);
  // What goes wrong comes out where the bytes would.
  fed.catch((error: Error) => zstd.destroy(error));
  try {
    for await (const piece of zstd) yield piece as Buffer;
    await fed;
  } finally {
    zstd.destroy();
    await fed.catch(() => undefined);
  }
}

async function feed(zstd: ZstdCompress, layer: PlainLayer, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    await written(zstd, piece);
    if (zstd.destroyed) return;
  }
  const diffId = `sha256:${hash.digest('hex')}`;
  if (diffId !== layer.diffId) throw diffIdMismatch(layer, diffId);
  zstd.end();
}

/**
 * Resolves when the piece is compressed, or the stream is over. Each is waited for: the frame's header would tell the
 * length if the end were known with the first piece, and so depend on how the layer is cut.
 */
function written(zstd: ZstdCompress, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      zstd.off('close', done);
      resolve();
    };
    zstd.once('close', done);
    if (zstd.destroyed) done();
    else zstd.write(piece, done);
  });
}
