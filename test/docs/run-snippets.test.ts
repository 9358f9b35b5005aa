import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { RunningLocal } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { ROOT, snippets } from './snippets';

jest.setTimeout(180_000);

let local: RunningLocal;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-docs-'));
  writeFileSync(join(folder, 'image.tar'), imageTarball({ layers: 2 }).toBuffer());
  const slipway = `#!/bin/sh\nexec '${join(ROOT, 'node_modules/.bin/tsx')}' '${join(ROOT, 'bin/slipway.ts')}' "$@"\n`;
  writeFileSync(join(folder, 'slipway'), slipway);
  chmodSync(join(folder, 'slipway'), 0o755);
  local = await RunningLocal.start();
});
afterAll(async () => {
  await local.end();
  rmSync(folder, { recursive: true, force: true });
});

const runnable = snippets('sh run').map((snippet) => [snippet.place, snippet.text] as const);

test('the documents have blocks that are run', () => {
  expect(runnable.length).toBeGreaterThan(4);
});

test.each(runnable)('%s does what it says', async (_, text) => {
  const env = { ...process.env, ...local.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { stdout } = await promisify(execFile)('bash', ['-eu', '-o', 'pipefail', '-c', text], { cwd: folder, env });
  expect(stdout).not.toBe('');
});
