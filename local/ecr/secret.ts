import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The registry's signing secret: made once, kept with the data, so that tokens outlive a restart. */
export function openSecret(dataDir: string): Buffer {
  const file = join(dataDir, 'secret');
  if (existsSync(file)) return readFileSync(file);
  mkdirSync(dataDir, { recursive: true });
  const secret = randomBytes(32);
  writeFileSync(`${file}.unfinished`, secret, { mode: 0o600 });
  renameSync(`${file}.unfinished`, file);
  return secret;
}
