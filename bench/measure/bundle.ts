import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUNDLING } from '../../lib/bundle-handlers';

/** Bundles a program of `bench/programs` as the handlers are bundled, and gives the file to run. */
export function bundledProgram(name: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const outfile = join(outdir, `${name}.js`);
  buildSync({
    ...BUNDLING,
    entryPoints: [join(__dirname, '..', 'programs', `${name}.ts`)],
    outfile,
  });
  return outfile;
}
