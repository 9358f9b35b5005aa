import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In the package the handlers lie here, bundled; in a clone they are bundled on the first call. */
const PACKED = join(__dirname, '..', 'handlers');

let bundles: string | undefined;

/**
 * Folder of one handler's bundle, `index.js` in it.
 * @param file name of the handler's file without its ending, such as `inspect-tarball`
 */
export function handlerBundle(file: string): string {
  bundles ??= existsSync(PACKED) ? PACKED : fromSources();
  return join(bundles, file);
}

function fromSources(): string {
  // Set by who knows that the sources stay as they are: what one program bundled serves the next.
  const shared = process.env.SLIPWAY_SHARED_BUNDLES;
  if (shared !== undefined && existsSync(shared)) return shared;
  // Outside the repository, whose package.json would tell Node how to read the bundles.
  const own = mkdtempSync(join(tmpdir(), 'slipway-handlers-'));
  process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  // Not in the package, and neither is esbuild.
  const { bundleHandlers } = require('./bundle-handlers') as typeof import('./bundle-handlers');
  bundleHandlers(own);
  return shared === undefined ? own : share(own, shared);
}

// Two programs may bundle at once: the first one's stays, and they are the same.
function share(own: string, shared: string): string {
  try {
    renameSync(own, shared);
    return shared;
  } catch {
    return existsSync(shared) ? shared : own;
  }
}
