import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(__dirname, '../..');

/** A fenced block of a document. */
export interface Snippet {
  /** As `docs/ci.md:12`. */
  readonly place: string;
  /** What stands after the fence: `sh run`. */
  readonly language: string;
  readonly text: string;
}

/** README.md, and all documents of docs. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The fenced blocks of all documents, in these languages. */
export function snippets(...languages: readonly string[]): Snippet[] {
  return DOCUMENTS.flatMap(snippetsOf).filter(({ language }) => languages.includes(language));
}

/** Commands of shell blocks: continued lines joined, comments left out, what `&&` and `|` join taken apart. */
export function commandsOf({ text }: Snippet): string[] {
  return text
    .replace(/\\\n/g, ' ')
    .split(/\n|&&|\|/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function snippetsOf(document: string): Snippet[] {
  const source = readFileSync(join(ROOT, document), 'utf8');
  return [...source.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    place: `${document}:${source.slice(0, index).split('\n').length}`,
    language,
    text,
  }));
}
