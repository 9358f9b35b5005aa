import { type FileHandle, open } from 'node:fs/promises';
import type { RangedReader } from '../../lambda/tar/ranged-reader';

/** Random access to a file, until it is closed. */
export interface FileReader extends RangedReader {
  close(): Promise<void>;
}

/** Opens a file that is there and does not change while it is read. Errors: those of the file system. */
export async function fileReader(path: string): Promise<FileReader> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    read: (firstByte, length) => {
      if (firstByte < 0 || firstByte + length > size) {
        throw new RangeError(`bytes ${firstByte}+${length} lie outside ${size}`);
      }
      return exactly(file, firstByte, length);
    },
    close: () => file.close(),
  };
}

async function exactly(file: FileHandle, firstByte: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, firstByte + at);
    if (bytesRead === 0) throw new Error(`the file became shorter while it was read, by ${length - at} bytes`);
    at += bytesRead;
  }
  return bytes;
}
