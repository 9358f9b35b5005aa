import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DEFECTS, type Defect, type Edit } from './bed/defects';

const ROOT = resolve(__dirname, '..', '..');

// Puts one deliberate defect after the other into a copy of the sources, and lets the sweep find it: a sweep that
// passes over a defect is no proof of anything. `npm run test:mutations [-- text]`: those whose name holds the text.
const chosen = DEFECTS.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const folder = copyOfSources();
const missed = chosen.filter((defect) => !isFound(defect));
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${chosen.length - missed.length} passed, ${missed.length} failed\n`);
process.exitCode = missed.length > 0 ? 1 : 0;

function copyOfSources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'slipway-mutation-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Whether the sweep breaks over the defect, and over it alone: what it prints names a run. */
function isFound({ name, edits, only }: Defect): boolean {
  const sound = new Map(edits.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]));
  for (const edit of edits) apply(name, edit);
  const sweep = ['test/faults/main.ts', '--bail', '--only', only];
  const { status, stdout } = spawnSync(join(folder, 'node_modules/.bin/tsx'), sweep, { cwd: folder, encoding: 'utf8' });
  for (const [file, text] of sound) writeFileSync(join(folder, file), text);
  const violation = /VIOLATED .*\n\s*(.*)/.exec(stdout)?.[1];
  process.stdout.write(
    `${violation ? 'found ' : 'MISSED'}  ${name}${violation ? `: ${violation.slice(0, 160)}` : ''}\n`,
  );
  return status === 1 && violation !== undefined;
}

function apply(name: string, { file, from, to }: Edit): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${name}": ${file} must hold this once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
