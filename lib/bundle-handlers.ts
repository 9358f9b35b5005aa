import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { bundlePage } from './bundle-page';

const ROOT = join(__dirname, '..');
const HANDLERS = join(ROOT, 'lambda', 'handlers');

/** How anything is bundled that runs in Lambda. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // ES modules first: what a handler does not use of the SDK and of zod stays out, and need not be loaded.
  mainFields: ['module', 'main'],
  // The SDK is pinned and bundled. Names stay: the workflow matches errors by them.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  legalComments: 'none',
  // The SDK imports node:http so, and an import looks at all it has, WebSocket and its client of fetch included.
  supported: { 'dynamic-import': false },
  // A CommonJS module has no address. libdeflate asks for its own when it loads, and reads nothing there.
  define: { 'import.meta.url': '"file:///"' },
  logLevel: 'error',
} as const satisfies BuildOptions;

/**
 * Bundles all handlers into `outdir`, each in a folder named after its file: `inspect-tarball/index.js`.
 * @returns every file that is in a bundle, from the repository's folder on
 */
export function bundleHandlers(outdir: string): string[] {
  const entryPoints = readdirSync(HANDLERS)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ in: join(HANDLERS, name), out: join(name.replace(/\.ts$/, ''), 'index') }));
  // The threads of StageLayer run a program of their own.
  entryPoints.push({ in: join(HANDLERS, 'wiring', 'gzip-worker.ts'), out: join('stage-layer', 'gzip-worker') });
  const { metafile } = buildSync({ ...BUNDLING, entryPoints, outdir, absWorkingDir: ROOT, metafile: true });
  const ofPage = bundlePage(join(outdir, 'serve-page', 'page.html'), ROOT);
  return [...Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)), ...ofPage];
}

/** Digest of all that the bundles are made of: the sources, the versions of packages, and how they are bundled. */
export function digestOfSources(root = ROOT): string {
  const sources = ['lambda', 'page']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hash = createHash('sha256');
  const how = ['package-lock.json', 'lib/bundle-handlers.ts', 'lib/bundle-page.ts'].map((name) => join(root, name));
  for (const file of [...how, ...sources.sort()]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
