import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** What one upload carries where to; another file, place or metadata is another upload. */
export interface UploadIdentity {
  readonly bucket: string;
  readonly key: string;
  /** Of S3, by which the same name means another bucket. */
  readonly endpoint: string;
  readonly path: string;
  /** Bytes, and time of the last change in milliseconds. */
  readonly size: number;
  readonly changed: number;
  readonly metadata: Readonly<Record<string, string>>;
}

const Record = z.object({ uploadId: z.string().min(1) });

/** A multipart upload that may be gone on with, on record in this user's cache folder until it is completed. */
export class UploadRecord {
  readonly #file: string;

  constructor(identity: UploadIdentity) {
    const { bucket, key, endpoint, path, size, changed, metadata } = identity;
    const text = JSON.stringify([endpoint, bucket, key, path, size, changed, Object.entries(metadata).sort()]);
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.#file = join(cacheFolder(), 'uploads', `${name}.json`);
  }

  /** Id of the upload that was begun before; undefined where there is none on record. */
  async uploadId(): Promise<string | undefined> {
    try {
      return Record.parse(JSON.parse(await readFile(this.#file, 'utf8'))).uploadId;
    } catch {
      // What cannot be read is no record: the upload begins anew.
      return undefined;
    }
  }

  /** Puts an upload on record; where that cannot be, it cannot be gone on with, and no more. */
  async write(uploadId: string): Promise<void> {
    try {
      await mkdir(join(this.#file, '..'), { recursive: true });
      await writeFile(this.#file, JSON.stringify({ uploadId }));
    } catch {
      // A read-only home is no reason not to push.
    }
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway');
}
