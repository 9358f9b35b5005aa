import { readFileSync } from 'node:fs';

let program: string | undefined;

/** The child's program as JavaScript for `node --eval`. */
export function runtimeProgram(): string {
  program ??= read(require.resolve('./runtime'));
  return program;
}

function read(path: string): string {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.js') ? text : asJavaScript(text);
}

// In a clone: an older Node cannot run TypeScript by itself.
function asJavaScript(text: string): string {
  const { transformSync } = require('esbuild') as typeof import('esbuild');
  return transformSync(text, {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
  }).code;
}
