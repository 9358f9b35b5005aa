import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

let program: string | undefined;

/** The child's program as JavaScript for `node --eval`: an older Node cannot run TypeScript by itself. */
export function runtimeProgram(): string {
  program ??= transformSync(readFileSync(require.resolve('./runtime.ts'), 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
  }).code;
  return program;
}
