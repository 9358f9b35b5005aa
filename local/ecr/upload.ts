import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeAtomically } from './atomic-file';
import { SerialQueue } from './serial-queue';

/** What is known of an upload beside its bytes; survives a restart. */
export interface UploadProgress {
  readonly uploadId: string;
  readonly repositoryName: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Bytes accepted so far; the only offset at which the next part may begin. */
  readonly received: number;
  readonly parts: number;
  /** Bytes of the newest part. */
  readonly lastPart: number;
  /** A part that is too small is followed by another: the upload can never be completed. */
  readonly shortPartInside: boolean;
}

export const PROGRESS_FILE = 'upload.json';

/** One open layer upload: an append-only file, hashed while it grows. Its calls must run on {@link queue}. */
export class Upload {
  readonly queue = new SerialQueue();
  /** sha256 at the end of each part, by offset. */
  readonly digests = new Map<number, string>();
  /** What the docker side answered to the first PATCH, and goes on answering. */
  firstRange: string | undefined;
  private hash: Hash | undefined;

  constructor(
    readonly directory: string,
    private current: UploadProgress,
    /** Bytes that every part but the last must have. */
    private readonly innerPart: number,
  ) {
    if (current.received === 0) this.hash = createHash('sha256');
  }

  get progress(): UploadProgress {
    return this.current;
  }

  get file(): string {
    return join(this.directory, 'bytes');
  }

  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await this.save(this.current);
  }

  /** Adds the next part; when it fails the upload stands where it stood. */
  async append(part: Buffer): Promise<void> {
    const hash = await this.runningHash();
    try {
      const writing = this.write(part);
      // Hashed while the disk is busy.
      hash.update(part);
      await writing;
      await this.save(this.after(part.length));
    } catch (error) {
      this.hash = undefined;
      throw error;
    }
    this.digests.set(this.current.received, `sha256:${hash.copy().digest('hex')}`);
  }

  /** Forgets the newest part, as if it had never come. */
  async dropNewestPart(): Promise<void> {
    const { received, parts, lastPart } = this.current;
    if (parts === 0) return;
    this.hash = undefined;
    // How long the part before it was is not known any more: a whole one, as parts are.
    await this.save({ ...this.current, received: received - lastPart, parts: parts - 1, lastPart: this.innerPart });
  }

  /** sha256 of all bytes received. Reads nothing again, save after a restart. */
  async sha256(): Promise<string> {
    return `sha256:${(await this.runningHash()).copy().digest('hex')}`;
  }

  /** Digest by another algorithm, for which the file is read. */
  async digestBy(algorithm: string): Promise<string> {
    return `${algorithm}:${(await this.readInto(createHash(algorithm))).digest('hex')}`;
  }

  /** Cuts off what a crash may have left behind the last accepted byte. */
  async trim(): Promise<void> {
    await truncate(this.file, this.current.received);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private async runningHash(): Promise<Hash> {
    this.hash ??= await this.readInto(createHash('sha256'));
    return this.hash;
  }

  private async readInto(hash: Hash): Promise<Hash> {
    const end = this.current.received - 1;
    if (end < 0) return hash;
    await pipeline(createReadStream(this.file, { end, highWaterMark: 1024 * 1024 }), async (pieces) => {
      for await (const piece of pieces) hash.update(piece);
    });
    return hash;
  }

  private async write(part: Buffer): Promise<void> {
    const handle = await open(this.file, this.current.received === 0 ? 'w' : 'r+');
    try {
      let written = 0;
      while (written < part.length) {
        const at = this.current.received + written;
        written += (await handle.write(part, written, part.length - written, at)).bytesWritten;
      }
    } finally {
      await handle.close();
    }
  }

  private after(partLength: number): UploadProgress {
    const { received, parts, lastPart, shortPartInside } = this.current;
    return {
      ...this.current,
      received: received + partLength,
      parts: parts + 1,
      lastPart: partLength,
      shortPartInside: shortPartInside || (parts > 0 && lastPart < this.innerPart),
    };
  }

  private async save(progress: UploadProgress): Promise<void> {
    await writeAtomically(join(this.directory, PROGRESS_FILE), JSON.stringify(progress));
    this.current = progress;
  }
}
