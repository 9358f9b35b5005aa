import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** In the package the handlers lie here, bundled; in a clone they are bundled when their sources have changed. */
const PACKED = join(__dirname, '..', 'handlers');
const KEPT = join(__dirname, '..', 'node_modules', '.cache', 'ecr-slipway');
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

let bundles: string | undefined;

/**
 * Folder of one handler's bundle, `index.js` in it.
 * @param step such as `InspectTarball`
 */
export function handlerBundle(step: string): string {
  bundles ??= existsSync(PACKED) ? PACKED : fromSources();
  return join(bundles, handlerFile(step));
}

/** Name of a handler's file without its ending: `inspect-tarball` of `InspectTarball`. */
export function handlerFile(step: string): string {
  return step.replace(/\B[A-Z]/g, '-$&').toLowerCase();
}

function fromSources(): string {
  // Not in the package, and neither is esbuild.
  const { bundleHandlers, digestOfSources } = require('./bundle-handlers') as typeof import('./bundle-handlers');
  const kept = join(KEPT, digestOfSources());
  if (existsSync(kept)) return kept;
  mkdirSync(KEPT, { recursive: true });
  removeOld();
  const made = mkdtempSync(join(KEPT, 'new-'));
  bundleHandlers(made);
  keep(made, kept);
  return kept;
}

// Two programs may bundle at once: the first one's stays, and they are the same.
function keep(made: string, kept: string): void {
  try {
    renameSync(made, kept);
  } catch (error) {
    rmSync(made, { recursive: true });
    if (!existsSync(kept)) throw error;
  }
}

// Those of today may be in use.
function removeOld(): void {
  for (const name of readdirSync(KEPT)) {
    const folder = join(KEPT, name);
    if (statSync(folder).mtimeMs < Date.now() - KEPT_FOR_MS) rmSync(folder, { recursive: true, force: true });
  }
}
