import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Replaces a JSON file in one step: a reader sees the old or the new text, never half of one. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${randomUUID()}.draft`;
  await writeFile(draft, JSON.stringify(value));
  await rename(draft, path);
}

/** Reads a file of this store; `undefined` where it is missing. The error of a broken one names it. */
export async function readJsonIfThere<T>(path: string): Promise<T | undefined> {
  try {
    return await readJson<T>(path);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Reads every JSON file of a folder; drafts of a killed writer are passed over. */
export async function readAllJson<T>(folder: string): Promise<T[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const values: T[] = [];
  // One batch at a time keeps the number of open files bounded.
  for (let from = 0; from < names.length; from += 64) {
    const batch = names.slice(from, from + 64);
    values.push(...(await Promise.all(batch.map((name) => readJson<T>(join(folder, name))))));
  }
  return values;
}

async function readJson<T>(path: string): Promise<T> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`${path} is not JSON; the data directory was changed by other means. Begin with an empty one.`, {
      cause,
    });
  }
}
