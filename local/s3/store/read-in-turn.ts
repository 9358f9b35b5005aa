import { type FileHandle, open } from 'node:fs/promises';
import type { ReadBuffers } from './read-buffers';

/**
 * Bytes `start` to `end`, inclusive, of a file, the next ones read while some are in use. What it gives is good until the
 * next but one is asked for.
 */
export async function* readInTurn(
  file: string,
  start: number,
  end: number,
  buffers: ReadBuffers,
): AsyncGenerator<Buffer> {
  const handle = await open(file);
  const read = (at: number) => readAt(handle, buffers.next().subarray(0, end + 1 - at), at);
  let ahead: Promise<Buffer> | undefined;
  try {
    for (let at = start; at <= end; ) {
      const piece = await (ahead ?? read(at));
      at += piece.length;
      ahead = at <= end ? read(at) : undefined;
      yield piece;
    }
  } finally {
    // A reader that stops early must not close the file under a read, nor leave a rejection behind.
    await ahead?.catch(() => undefined);
    await handle.close();
  }
}

async function readAt(handle: FileHandle, buffer: Buffer, at: number): Promise<Buffer> {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
  if (bytesRead === 0) throw new Error(`a file of object bytes ends at ${at}`);
  return buffer.subarray(0, bytesRead);
}
