import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const HANDLERS = join(__dirname, '..', 'lambda', 'handlers');

let bundles: string | undefined;

/**
 * Folder of one handler's bundle, `index.js` in it; all handlers are bundled at once, on the first call.
 * @param file name of the handler's file without its ending, such as `inspect-tarball`
 */
export function handlerBundle(file: string): string {
  bundles ??= bundleHandlers();
  return join(bundles, file);
}

function bundleHandlers(): string {
  // Outside the repository, whose package.json would tell Node how to read the bundles.
  const outdir = mkdtempSync(join(tmpdir(), 'slipway-handlers-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const entryPoints = readdirSync(HANDLERS)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ in: join(HANDLERS, name), out: join(name.replace(/\.ts$/, ''), 'index') }));
  // The threads of StageLayer run a program of their own.
  entryPoints.push({ in: join(HANDLERS, 'wiring', 'gzip-worker.ts'), out: join('stage-layer', 'gzip-worker') });
  buildSync({
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The SDK is pinned and bundled. Names stay: the workflow matches errors by them.
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return outdir;
}
