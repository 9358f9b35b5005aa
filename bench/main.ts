import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { FunctionPeak } from './function-table';
import { type Goal, goalTable } from './goals';
import type { Usage } from './measure/command-usage';
import { benchOptions } from './options';
import { FULL_RESULTS, limits, writeReport } from './report';
import { scenarioTable } from './scenario-table';
import { compression } from './sections/compression';
import { type FunctionCost, functionCosts } from './sections/functions';
import { partCost } from './sections/part-cost';
import { readCost } from './sections/read-cost';
import { sideBySide } from './sections/side-by-side';
import { sideBySideGoals } from './side-by-side-goals';

const PARTIAL_RESULTS = join(dirname(FULL_RESULTS), 'partial.json');

/** All that one run of the benchmark found; written to bench/results. */
export interface BenchResults {
  readonly when: string;
  readonly command: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly tools: readonly string[];
  readonly missing: readonly string[];
  readonly partCost: object;
  readonly compression: Awaited<ReturnType<typeof compression>>;
  readonly reading: Awaited<ReturnType<typeof readCost>>;
  /** The first two small pushes, which start every function. */
  readonly cold: Usage;
  readonly functions: readonly FunctionCost[];
  readonly peaks: readonly FunctionPeak[];
  readonly sideBySide: Awaited<ReturnType<typeof sideBySide>>['results'];
  readonly goals: readonly Goal[];
}

/** Sections that `--only` measures and prints by themselves. */
const SECTIONS: Readonly<Record<string, (folder: string, quick: boolean) => Promise<object>>> = {
  compression: (folder, quick) => compression(folder, quick ? 2 : 5),
  functions: (_, quick) => functionCosts(quick ? 1 : 5),
  parts: (_, quick) => partCost({ quick }),
  reading: (_, quick) => readCost(quick ? 2 : 5),
};

const SMALL =
  '\nThe goals are those of the whole run: with archives as small as these, what a push takes beside its bytes weighs more.';

/**
 * `npm run bench`: measures, prints, and leaves the results in bench/results; docs/performance.md is written out of those of
 * a whole run. `--help` says what it takes.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const { quick, whole, only, scenarios, rounds } = benchOptions(args, Object.keys(SECTIONS));
  const folder = join(tmpdir(), 'slipway-bench');
  const section = only && SECTIONS[only];
  if (section) return console.log(await section(folder, quick));
  const machine = describeMachine();
  console.error('what a part costs …');
  const part = await partCost({ quick });
  console.error('what compression costs …');
  const blocks = await compression(folder, quick ? 2 : 5);
  console.error('what reading costs …');
  const reading = await readCost(quick ? 2 : 5);
  console.error('what loading a function costs …');
  const functions = await functionCosts(quick ? 1 : 5);
  console.error('side by side …');
  const { results, cold, peaks, tools, missing } = await sideBySide(scenarios, rounds, folder);
  const goals = [...part.goals, ...sideBySideGoals(results)];
  const all: BenchResults = {
    when: new Date().toISOString(),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine: { ...machine, loadAfter: load() },
    tools,
    missing,
    partCost: part.results,
    compression: blocks,
    reading,
    cold,
    functions,
    peaks,
    sideBySide: results,
    goals,
  };
  mkdirSync(dirname(FULL_RESULTS), { recursive: true });
  writeFileSync(whole ? FULL_RESULTS : PARTIAL_RESULTS, `${JSON.stringify(all, undefined, 2)}\n`);
  print(all);
  if (quick) console.log(SMALL);
  if (whole) writeReport();
}

function print(all: BenchResults): void {
  const { machine, tools, missing, cold, sideBySide: results, goals } = all;
  console.log(
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
  );
  console.log(`against ${tools.join(', ')}`);
  console.log(
    `two small pushes that start every function: ${cold.cpuSeconds.toFixed(1)} CPU s; all others find them warm`,
  );
  for (const each of missing) console.log(`not measured: ${each}`);
  for (const result of results) console.log(`\n${scenarioTable(result)}`);
  console.log(`\n${goalTable(goals)}`);
  if (goals.some(({ measured, most }) => measured > most)) console.log(`\n${limits(all)}`);
}

function describeMachine(): Record<string, string | number> {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: load(),
  };
}

function load(): number {
  return Number((loadavg()[0] ?? 0).toFixed(1));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
