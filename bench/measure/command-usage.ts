import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run cost. */
export interface Usage {
  /** User and system time, children included. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** MiB; of the largest process where there are several. */
  readonly peakRssMib: number;
}

const LOOK_MS = 10;

/** Runs a command to its end and measures it with everything that it starts. Throws with its output when it fails. */
export async function runMeasured(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Usage & { readonly output: string }> {
  // bash counts children that have ended, which Node does not; the format is user, system.
  const script = 'TIMEFORMAT="cpu %3U %3S"; time "$@"';
  const started = process.hrtime.bigint();
  const child = spawn('bash', ['-c', script, 'bash', ...command], { env: { ...process.env, ...environment } });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => said.push(piece));
  let peakRssMib = 0;
  const watch = setInterval(() => {
    for (const pid of descendants(child.pid ?? 0)) peakRssMib = Math.max(peakRssMib, peakRssOf(pid));
  }, LOOK_MS);
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  clearInterval(watch);
  const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9;
  const output = Buffer.concat(said).toString();
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${output.slice(-2000)}`);
  const [, user = '0', system = '0'] = /cpu ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  return { cpuSeconds: Number(user) + Number(system), wallSeconds, peakRssMib, output };
}

/** Highest resident set of a process so far, in MiB; 0 where the kernel does not tell. */
export function peakRssOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

/** What a file of the kernel says; nothing where it is gone. */
export function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}
