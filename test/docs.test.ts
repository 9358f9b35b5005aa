import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { API_ERRORS } from '../lambda/contract/api-errors';
import { REQUEST_ERRORS, TARBALL_ERRORS, TRANSIENT_ERRORS, UPLOAD_ERRORS } from '../lambda/contract/errors';
import { DOCUMENTS as MADE } from '../scripts/documents';

const ROOT = resolve(__dirname, '..');
const DOCUMENTS = ['README.md', 'CHANGELOG.md', ...markdownIn('docs'), ...markdownIn('docs/decisions')];

test('the runbook has one section for each error name, and no other', () => {
  const runbook = read('docs/runbook.md');
  const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map((match) => match[1] ?? '');
  const platform = ['PartialPush', 'TimedOut', 'Aborted', 'OutOfMemory', 'Internal'];
  const names = [
    ...UPLOAD_ERRORS,
    ...REQUEST_ERRORS,
    ...TRANSIENT_ERRORS,
    ...TARBALL_ERRORS,
    ...API_ERRORS,
    ...platform,
  ];
  expect([...sections].sort()).toEqual([...names].sort());
});

test.each(DOCUMENTS)('the links of %s lead somewhere', (document) => {
  const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
  const broken = targets.filter((target) => !existsSync(resolve(ROOT, dirname(document), target)));
  expect(broken).toEqual([]);
});

test.each(Object.keys(MADE))('%s says what the code says: npm run docs writes it', (path) => {
  const written = read(path);
  const asJson = (text: string) => (path.endsWith('.json') ? JSON.parse(text) : text);
  expect(asJson(written)).toEqual(asJson(MADE[path]?.() ?? ''));
});

test('the README is short', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(150);
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function read(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}
