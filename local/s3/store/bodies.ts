import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sink } from '../wire/payload';
import { ReadBuffers } from './read-buffers';
import { readInTurn } from './read-in-turn';

/** A file of object bytes; an object is one of them, or several end to end. */
export interface Piece {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** The files that hold object bytes, under generated names. */
export class Bodies {
  private readonly readers = new Map<string, number>();
  private readonly doomed = new Set<string>();

  constructor(private readonly folder: string) {}

  /** Removes what no object or upload refers to: left by a writer that was killed. */
  async sweep(referred: ReadonlySet<string>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const file of await readdir(this.folder)) if (!referred.has(file)) await rm(join(this.folder, file));
  }

  /** Writes a new file with the bytes `fill` hands to its sink; when that fails, no file is left. */
  async write<T extends { readonly size: number }>(
    fill: (sink: Sink) => Promise<T>,
  ): Promise<{ piece: Piece; found: T }> {
    const file = randomUUID();
    const handle = await open(join(this.folder, file), 'wx');
    // One write is on its way while the next bytes are received and hashed.
    let onItsWay: Promise<void> = Promise.resolve();
    try {
      const found = await fill(async (bytes) => {
        await onItsWay;
        onItsWay = writeAll(handle, bytes);
        // A failure shows at the next await; until then nobody may call it unhandled.
        onItsWay.catch(() => {});
      });
      await onItsWay;
      await handle.close();
      return { piece: { file, size: found.size }, found };
    } catch (error) {
      await onItsWay.catch(() => {});
      await handle.close();
      await rm(join(this.folder, file));
      throw error;
    }
  }

  /**
   * Bytes `firstByte` to `lastByte`, inclusive, of pieces laid end to end. What it gives is good until the next but one is
   * asked for. The pieces are held, and the memory is, from this call until they are let go.
   */
  read(pieces: readonly Piece[], firstByte: number, lastByte: number): AsyncIterable<Buffer> & { letGo(): void } {
    for (const { file } of pieces) this.readers.set(file, (this.readers.get(file) ?? 0) + 1);
    const buffers = new ReadBuffers();
    let held = true;
    const letGo = () => {
      if (held) for (const { file } of pieces) this.releaseReader(file);
      held = false;
      buffers.giveBack();
    };
    const folder = this.folder;
    return {
      letGo,
      async *[Symbol.asyncIterator]() {
        let begin = 0;
        for (const { file, size } of pieces) {
          const start = Math.max(firstByte - begin, 0);
          const end = Math.min(lastByte - begin, size - 1);
          if (start <= end) yield* readInTurn(join(folder, file), start, end, buffers);
          begin += size;
        }
      },
    };
  }

  /** Deletes the pieces, those being read when their last reader is done. */
  async remove(pieces: readonly Piece[]): Promise<void> {
    for (const { file } of pieces) {
      if (this.readers.has(file)) this.doomed.add(file);
      else await rm(join(this.folder, file), { force: true });
    }
  }

  private releaseReader(file: string): void {
    const rest = (this.readers.get(file) ?? 1) - 1;
    if (rest > 0) {
      this.readers.set(file, rest);
      return;
    }
    this.readers.delete(file);
    // What a failure here leaves is swept at the next start.
    if (this.doomed.delete(file)) rm(join(this.folder, file), { force: true }).catch(() => {});
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}
