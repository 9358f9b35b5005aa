import { handlerFile } from '../lib/handler-bundles';
import type { FunctionCost } from './sections/functions';

/** What a function was given, and the most it had in memory while everything was pushed. */
export interface FunctionPeak {
  readonly step: string;
  /** MiB. */
  readonly memorySize: number;
  readonly peakMib: number;
}

/** One row for each function that was at work, as a markdown table. */
export function functionTable(costs: readonly FunctionCost[], peaks: readonly FunctionPeak[]): string {
  const rows = peaks.map(({ step, memorySize, peakMib }) => {
    const cost = costs.find(({ name }) => name === handlerFile(step));
    const own = cost ? [cost.bundleKib, cost.loadCpuMs.toFixed(0), cost.loadedMib.toFixed(0)] : ['', '', ''];
    return `| ${[step, ...own, peakMib.toFixed(0), memorySize].join(' | ')} |`;
  });
  const head = '| function | bundle KiB | CPU ms to load | MiB when loaded | peak MiB | memory size |';
  return [head, '|---|---|---|---|---|---|', ...rows].join('\n');
}
