import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives all test files one folder to share, and takes it away at the end. */
export default function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-tests-'));
  process.env.SLIPWAY_TEST_FOLDER = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
