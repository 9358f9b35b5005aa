import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfSources } from '../../lib/bundle-handlers';

const FILES = [
  'package-lock.json',
  'lib/bundle-handlers.ts',
  'lib/bundle-page.ts',
  'lambda/handlers/a.ts',
  'page/a.css',
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-sources-'));
  for (const folder of ['lambda/handlers', 'lib', 'page']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of FILES) write(file, file);
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(root, file), text);

test('the same sources have the same digest', () => {
  expect(digestOfSources(root)).toBe(digestOfSources(root));
});

test.each([...FILES, 'lambda/handlers/new.ts'])('another %s has another', (file) => {
  const before = digestOfSources(root);
  write(file, 'changed');
  expect(digestOfSources(root)).not.toBe(before);
});
