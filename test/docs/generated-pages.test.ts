import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './snippets';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-pages-'));
  // A child, for the parser of the command line is a module that jest cannot load.
  execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, 'test/docs/write-pages.ts'), folder]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['command-line.md', 'construct.md', 'security.md', 'tarballs.md'])(
  'docs/%s is what `npm run docs` writes',
  (name) => {
    expect(readFileSync(join(ROOT, 'docs', name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8'));
  },
);

test('every command has examples', () => {
  const sections = readFileSync(join(folder, 'command-line.md'), 'utf8').split('\n## ').slice(1);
  expect(sections.length).toBeGreaterThan(8);
  expect(sections.filter((section) => !/\nExamples:\n {2}\$ \S/.test(section))).toEqual([]);
});
