import { readdirSync, writeFileSync } from 'node:fs';
import { peakRssOf, read } from './command-usage';

// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: of 100 a second on every Linux.
const TICKS = 100;

/** One execution environment of a function. */
interface FunctionProcess {
  readonly pid: number;
  readonly name: string;
  readonly cpuSeconds: number;
  readonly peakRssMib: number;
}

/** Reads what the functions of the local AWS, which are children of this process, have used so far. */
export class FunctionProcesses {
  #before = new Map<number, number>();

  /** Counts from here: CPU from zero, and peaks anew. */
  reset(): void {
    const processes = functionProcesses();
    this.#before = new Map(processes.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
    // https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html: 5 sets the peak to what there is now.
    for (const { pid } of processes) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  }

  /** CPU seconds by function, the peak of the largest process in MiB, and how many were there at the time of `reset`. */
  used(): { cpuSeconds: number; peakRssMib: number; bySteps: Record<string, number>; cold: number } {
    const processes = functionProcesses();
    const bySteps: Record<string, number> = {};
    for (const { pid, name, cpuSeconds } of processes) {
      bySteps[name] = (bySteps[name] ?? 0) + cpuSeconds - (this.#before.get(pid) ?? 0);
    }
    return {
      cpuSeconds: Object.values(bySteps).reduce((sum, seconds) => sum + seconds, 0),
      peakRssMib: Math.max(0, ...processes.map(({ peakRssMib }) => peakRssMib)),
      bySteps,
      cold: processes.filter(({ pid }) => !this.#before.has(pid)).length,
    };
  }
}

function functionProcesses(): FunctionProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): FunctionProcess[] => {
      const pid = Number(name);
      const title = /^lambda (\S+)/.exec(read(`/proc/${pid}/cmdline`).split('\0')[0] ?? '')?.[1];
      // After the name, which may hold anything: state, parent, and from the 11th on user and system time.
      const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      if (!title || Number(fields[1]) !== process.pid) return [];
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
      return [{ pid, name: title, cpuSeconds, peakRssMib: peakRssOf(pid) }];
    });
}
