import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { scripts } from '../../package.json';
import { commandsOf, DOCUMENTS, ROOT, type Snippet, snippets } from './snippets';

const places = (all: readonly Snippet[]) => all.map((snippet) => [snippet.place, snippet] as const);
// Held against the commands themselves by the test of the pages that are written.
const HELP = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8').split('\n## ');
const shell = snippets('sh', 'sh run');

test('every block says what language it is in', () => {
  const known = ['sh', 'sh run', 'ts', 'json', 'yaml', 'groovy', 'hcl', 'mermaid', 'text'];
  const strays = DOCUMENTS.flatMap((document) =>
    [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```([^\n]*)\n[\s\S]*?^```$/gm)]
      .filter(({ 1: language = '' }) => !known.includes(language))
      .map(({ 1: language }) => `${document}: "${language}"`),
  );
  expect(strays).toEqual([]);
});

test.each(places(snippets('json')))('%s is JSON', (_, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

test.each(places(snippets('yaml')))('%s is YAML with jobs, and each line of a script is shell', (_, { text }) => {
  const lines = scriptsIn(parse(text));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expectShell(line);
});

test.each(places(snippets('groovy')))('%s has its commands in shell', (_, { text }) => {
  const lines = [...text.matchAll(/sh '([^']+)'/g)].map(({ 1: line = '' }) => line);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expectShell(line);
});

test.each(places(shell))('%s is shell, and calls what is there', (_, snippet) => {
  expectShell(snippet.text);
  for (const line of commandsOf(snippet)) {
    const [, script] = /^npm run (\S+)/.exec(line) ?? [];
    if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
  }
});

test.each(places(snippets('ts')))('%s compiles and synthesizes', (_, { text }) => {
  const folder = mkdtempSync(join(ROOT, 'test/docs/.snippet-'));
  try {
    writeFileSync(join(folder, 'app.ts'), `${text}\nstack.node.root.node.validate();\n`);
    const compilerOptions = { rootDir: ROOT, types: ['node'] };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../../../tsconfig.json', compilerOptions, include: ['app.ts'] }),
    );
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], { encoding: 'utf8' });
    execFileSync(join(ROOT, 'node_modules/.bin/tsx'), [join(folder, 'app.ts')], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Lines that a CI system would hand to a shell. */
function scriptsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scriptsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'run') return [String(inner)];
    return name === 'script' && Array.isArray(inner) ? inner.map(String) : scriptsIn(inner);
  });
}

function expectShell(text: string): void {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const line of commandsOf({ place: '', language: 'sh', text })) expectSlipway(line);
}

/** A call of slipway has a command that there is, and options that it takes. */
function expectSlipway(line: string): void {
  const [, called] = /(?:^|\s)(?:slipway|npx ecr-slipway|npm run slipway --) ([a-z].*)$/.exec(line) ?? [];
  if (called === undefined) return;
  const [name = '', ...words] = called.split(/\s+/);
  const help = HELP.find((section) => section.startsWith(`slipway ${name}\n`)) ?? '';
  expect([line, help === '']).toEqual([line, false]);
  for (const word of words.filter((one) => /^-[-a-z]/.test(one))) {
    expect(help).toMatch(new RegExp(`^  (-\\w, )?${word.split('=')[0]}\\b|^  ${word},`, 'm'));
  }
}
