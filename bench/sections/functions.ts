import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandlers } from '../../lib/bundle-handlers';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { median } from '../measure/median';

/** What one function is before it has done anything. */
export interface FunctionCost {
  /** Its folder, which is its handler's file. */
  readonly name: string;
  readonly bundleKib: number;
  /** CPU that loading it takes, in milliseconds: what a cold start adds to that of Node. */
  readonly loadCpuMs: number;
  /** Memory that it has taken by then, beside that of Node. */
  readonly loadedMib: number;
}

/** Bundles all functions and loads each in a Node of its own, in turn. */
export async function functionCosts(rounds: number): Promise<FunctionCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    bundleHandlers(folder);
    const program = bundledProgram('load-function');
    const names = readdirSync(folder).sort();
    const loads = new Map<string, Pick<FunctionCost, 'loadCpuMs' | 'loadedMib'>[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, runs] of loads) {
        const command = [process.execPath, program, join(folder, name, 'index.js')];
        const { output } = await runMeasured(command, { AWS_REGION: 'us-east-1' });
        runs.push(JSON.parse(output.slice(0, output.indexOf('\n'))));
      }
    }
    return [...loads].map(([name, runs]) => ({
      name,
      bundleKib: Math.round(statSync(join(folder, name, 'index.js')).size / 1024),
      loadCpuMs: median(runs.map(({ loadCpuMs }) => loadCpuMs)),
      loadedMib: median(runs.map(({ loadedMib }) => loadedMib)),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
