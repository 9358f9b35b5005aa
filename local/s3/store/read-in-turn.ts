import { type FileHandle, open } from 'node:fs/promises';

const READ_BYTES = 512 * 1024;

// One is read, one is given, and one may still be on its way to where the last one went.
const BUFFERS = 3;

/**
 * Bytes `start` to `end`, inclusive, of a file, the next ones read while some are in use. Three buffers take turns: fresh
 * memory for each read costs more than the reading. What it gives is good until the next but one is asked for.
 */
export async function* readInTurn(file: string, start: number, end: number): AsyncGenerator<Buffer> {
  const handle = await open(file);
  const buffers: Buffer[] = [];
  const read = (at: number, turn: number) => {
    const left = end + 1 - at;
    buffers[turn % BUFFERS] ??= Buffer.allocUnsafeSlow(Math.min(READ_BYTES, left));
    return readAt(handle, (buffers[turn % BUFFERS] as Buffer).subarray(0, left), at);
  };
  let ahead: Promise<Buffer> | undefined;
  try {
    for (let at = start, turn = 0; at <= end; turn += 1) {
      const piece = await (ahead ?? read(at, turn));
      at += piece.length;
      ahead = at <= end ? read(at, turn + 1) : undefined;
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
