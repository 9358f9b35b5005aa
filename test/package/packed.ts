import { type ExecFileSyncOptions, execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(__dirname, '../..');

/** What npm tells of a package that it made. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Makes the package as for a release, and gives its file and what is in it. */
export function pack(folder: string): { file: string; paths: string[] } {
  const told = run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const answer = JSON.parse(told.slice(told.search(/^[[{]/m))) as Packed[] | Record<string, Packed>;
  const [packed] = Object.values(answer);
  if (!packed) throw new Error(`npm pack told of no package: ${told}`);
  return { file: join(folder, packed.filename), paths: packed.files.map(({ path }) => path) };
}

/** A folder outside of the repository, in which packages are installed as a stranger would. */
export async function installed(name: string, ...packages: string[]): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'slipway-package-')), name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true }));
  const args = ['install', '--no-audit', '--no-fund', '--silent', ...packages];
  await promisify(execFile)('npm', args, { cwd: folder, env: strangerEnvironment() });
  return folder;
}

/** Runs a command to its end, with a stranger's environment: nothing of this repository is on its path. */
export function run(command: string, args: readonly string[], options: ExecFileSyncOptions): string {
  return String(execFileSync(command, args, { env: strangerEnvironment(), maxBuffer: 2 ** 26, ...options }));
}

/** The variables of this process without those that npm and jest set, and without the Node of this repository. */
export function strangerEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|AWS_|SLIPWAY_|NODE_|JEST_)/i.test(name));
  const PATH = (process.env.PATH ?? '').split(':').filter((folder) => !folder.startsWith(ROOT));
  return Object.fromEntries([...kept, ['PATH', PATH.join(':')]]) as Record<string, string>;
}
