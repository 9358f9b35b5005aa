import { constants, createZstdCompress, zstdCompressSync } from 'node:zlib';

/** A frame without image data, such as `pzstd` and zstd:chunked write. */
export function skippableFrame(content: string | Uint8Array): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a5e);
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** One frame with the checksum of its content. */
export function checkedFrame(content: Uint8Array): Buffer {
  return zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

/** One frame of unknown length that asks for a window of 2 to the power of `windowLog` bytes. */
export async function streamedFrame(content: Uint8Array, windowLog: number): Promise<Buffer> {
  const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: windowLog } });
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  // What is flushed before the end makes the encoder forget how long the content is.
  stream.write(content.subarray(0, 1));
  await new Promise<void>((resolve) => stream.flush(() => resolve()));
  await new Promise<void>((resolve) => stream.once('end', resolve).end(content.subarray(1)));
  return Buffer.concat(pieces);
}
