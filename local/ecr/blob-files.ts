import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The bytes of all layers, stored once whatever the number of repositories that have them. */
export class BlobFiles {
  constructor(private readonly directory: string) {}

  path(digest: string): string {
    return join(this.directory, ...digest.split(':'));
  }

  /** Bytes of a blob; `undefined` where it is not stored. */
  async size(digest: string): Promise<number | undefined> {
    const found = await stat(this.path(digest)).catch(() => undefined);
    return found?.size;
  }

  /** Takes over a file, which is moved. */
  async adopt(file: string, digest: string): Promise<void> {
    await mkdir(dirname(this.path(digest)), { recursive: true });
    await rename(file, this.path(digest));
  }

  async remove(digest: string): Promise<void> {
    await rm(this.path(digest), { force: true });
  }
}
