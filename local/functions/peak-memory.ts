import { readFileSync } from 'node:fs';

/**
 * Highest resident set size a process ever had, in bytes; undefined where the kernel does not tell, or the process is
 * gone. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html (VmHWM)
 */
export function peakRssBytes(pid: number): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
