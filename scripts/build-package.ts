import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleHandlers } from '../lib/bundle-handlers';
import { thirdPartyNotices } from './third-party-notices';

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');

// What `npm pack` takes along: JavaScript and types of the construct and the command line, and the handlers, bundled.
rmSync(DIST, { recursive: true, force: true });
execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['--project', 'tsconfig.package.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
for (const name of ['bundle-handlers', 'bundle-page']) {
  for (const ending of ['js', 'd.ts']) rmSync(join(DIST, 'lib', `${name}.${ending}`));
}
const inputs = bundleHandlers(join(DIST, 'handlers'));
writeFileSync(join(DIST, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(inputs, ROOT));
