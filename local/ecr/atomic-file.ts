import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole: a reader, or a restart, sees the old content or the new one. */
export async function writeAtomically(path: string, content: string | Buffer): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}
