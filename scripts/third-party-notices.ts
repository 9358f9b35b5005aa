import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of all packages that stand in the bundles, each in the words of its own file.
 * @param inputs files that were bundled, from `root` on
 */
export function thirdPartyNotices(inputs: readonly string[], root: string): string {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const notices = [...folders].sort().map((folder) => notice(join(root, folder)));
  const head = 'The bundled functions of ecr-slipway hold code of these packages.';
  return [head, ...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (!license) throw new Error(`${name} ${version} names no licence: do not bundle it`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}
