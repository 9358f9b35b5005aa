import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { peakRssOf, read } from './command-usage';

// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: of 100 a second on every Linux.
const TICKS = 100;

// As Node calls those of node:worker_threads.
const THREAD = 'WorkerThread';

/** One execution environment of a function. */
interface FunctionProcess {
  readonly pid: number;
  readonly name: string;
  readonly cpuSeconds: number;
  /** Of them, those of the threads that it started itself. */
  readonly threadSeconds: number;
  readonly peakRssMib: number;
}

/** What the functions have used. */
interface FunctionUsage {
  readonly cpuSeconds: number;
  /** Of them, those of the threads that compress. */
  readonly threadSeconds: number;
  /** CPU seconds by function. */
  readonly bySteps: Record<string, number>;
  /** MiB, of the largest process. */
  readonly peakRssMib: number;
}

/** Reads what the functions of the local AWS, which are children of this process, have used so far. */
export class FunctionProcesses {
  #before = new Map<number, FunctionProcess>();

  /** Counts from here: CPU from zero, and peaks anew. */
  reset(): void {
    const processes = functionProcesses();
    this.#before = new Map(processes.map((each) => [each.pid, each]));
    // https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html: 5 sets the peak to what there is now.
    for (const { pid } of processes) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  }

  /** Since `reset`. */
  used(): FunctionUsage {
    const processes = functionProcesses();
    const bySteps: Record<string, number> = {};
    let [cpuSeconds, threadSeconds] = [0, 0];
    for (const { pid, name, ...now } of processes) {
      const before = this.#before.get(pid);
      const used = now.cpuSeconds - (before?.cpuSeconds ?? 0);
      bySteps[name] = (bySteps[name] ?? 0) + used;
      cpuSeconds += used;
      threadSeconds += now.threadSeconds - (before?.threadSeconds ?? 0);
    }
    const peakRssMib = Math.max(0, ...processes.map((each) => each.peakRssMib));
    return { cpuSeconds, threadSeconds, bySteps, peakRssMib };
  }
}

function functionProcesses(): FunctionProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): FunctionProcess[] => {
      const pid = Number(name);
      const title = /^lambda (\S+)/.exec(read(`/proc/${pid}/cmdline`).split('\0')[0] ?? '')?.[1];
      const { parent, cpuSeconds } = statOf(`/proc/${pid}`);
      if (!title || parent !== process.pid) return [];
      const threads = threadsOf(pid).filter(({ name }) => name === THREAD);
      const threadSeconds = threads.reduce((sum, each) => sum + each.cpuSeconds, 0);
      return [{ pid, name: title, cpuSeconds, threadSeconds, peakRssMib: peakRssOf(pid) }];
    });
}

/** Those of a process; none where it has just ended. */
function threadsOf(pid: number): Stat[] {
  const folder = `/proc/${pid}/task`;
  return existsSync(folder) ? readdirSync(folder).map((thread) => statOf(`${folder}/${thread}`)) : [];
}

interface Stat {
  readonly name: string;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** Of a process or thread, with its folder. */
function statOf(folder: string): Stat {
  const stat = read(`${folder}/stat`);
  const end = stat.lastIndexOf(')');
  // After the name, which may hold anything: state, parent, and from the 11th on user and system time.
  const fields = stat.slice(end + 2).split(' ');
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
  return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(fields[1]), cpuSeconds };
}
