import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, readAssembly, synthesize } from '../../local/synthesize';

const STACK = 'SlipwayStack';

/** The stack with such props, synthesized by the first test file that asks for it by this name, for all of them. */
export function sharedAssembly(name = 'assembly', props: Parameters<typeof synthesize>[1] = {}): Assembly {
  const folder = process.env.SLIPWAY_TEST_FOLDER ?? '';
  const shared = join(folder, name);
  if (!existsSync(shared)) {
    const own = mkdtempSync(join(folder, 'own-'));
    synthesize(STACK, props, own);
    share(own, shared);
  }
  return readAssembly(STACK, shared);
}

// Two files may synthesize at once: the first one's is kept, and they are the same.
function share(own: string, shared: string): void {
  try {
    renameSync(own, shared);
  } catch {
    rmSync(own, { recursive: true, force: true });
  }
}
