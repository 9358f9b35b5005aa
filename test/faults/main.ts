import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { FailedTrace } from './bed/failed-trace';
import { FaultBed, synthesizeBed } from './bed/fault-bed';
import type { FaultPlan, FaultPoint, Scenario } from './bed/fault-plan';
import {
  firstUpload,
  invocation,
  randomPlan,
  singleFaults,
  singleFaultsAfter,
  uploadPairs,
  uploadPath,
} from './bed/plans';
import { representative } from './bed/representative';
import { sweep } from './bed/sweep';
import type { Result } from './bed/sweep-worker';
import { table } from './bed/table';

interface Options {
  readonly seed?: string;
  readonly runs: string;
  readonly plan?: string;
  readonly beds: string;
  readonly only?: string;
  readonly bail?: boolean;
  readonly everyCall?: boolean;
}

new Command('test:faults')
  .description('Pushes under faults: one at each call, pairs on the upload path; or random plans, or one plan again.')
  .option('--seed <number>', 'random plans in place of the sweep, from this seed on')
  .option('--runs <number>', 'how many random plans', '100')
  .option('--plan <json>', 'this plan alone')
  .option('--only <text>', 'of the sweep, the plans whose JSON holds this text')
  .option('--every-call', 'of the sweep, also the calls that repeat others, and pairs on all layers')
  .option('--bail', 'stop at the first run that breaks what must hold')
  .option('--beds <number>', 'beds side by side', String(availableParallelism() + 1))
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof FailedTrace)) throw error;
    process.stdout.write(`VIOLATED ${JSON.stringify(error.plan)}\n  ${error.message}\n0 passed, 1 failed\n`);
    process.exit(1);
  });

async function main(options: Options): Promise<void> {
  const started = Date.now();
  const plans = options.plan === undefined ? await plansFor(options) : [JSON.parse(options.plan) as FaultPlan];
  const violated: Result[] = [];
  const results = await sweep(plans, Number(options.beds), (result) => {
    if (result.violations.length === 0) return;
    violated.push(result);
    process.stdout.write(`${describe(result)}\n`);
    // The beds go with their parent.
    if (options.bail) process.exit(1);
  });
  process.stdout.write(`${table(results)}\n`);
  const unmet = results.filter(({ met }) => !met).length;
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`${results.length} runs in ${seconds} s, ${unmet} of them with a fault that met no call\n`);
  process.stdout.write(`${results.length - violated.length} passed, ${violated.length} failed\n`);
  process.exitCode = violated.length > 0 ? 1 : 0;
}

// Most pushes are of layouts.
const RANDOM: readonly Scenario[] = ['archive', 'layout', 'layout', 'early', 'layout'];

// The one that sends what it compresses, and the one that completes what was sent.
const SENDS_EARLY = ['StageLayer', 'UploadSmallLayers'];

// The upload of a layer that went to ECR alone, after all of it was sent: StageLayer is invoked a third time, to copy it.
const LOST = { service: 'ecr', operation: 'CompleteLayerUpload', nth: 2, fault: 'upload-forgotten' } as const;

async function plansFor({ seed, runs, everyCall, only = '' }: Options): Promise<FaultPlan[]> {
  const bed = await FaultBed.start(synthesizeBed(1), 99);
  const traces = new Map<Scenario, FaultPoint[]>();
  for (const scenario of ['layout', 'archive', 'early'] as const) traces.set(scenario, await bed.trace(scenario));
  const restaged = invocation(await bed.trace('early', [LOST]), 'StageLayer', 3);
  await bed.stop();
  const of = (scenario: Scenario) => traces.get(scenario) ?? [];
  if (seed !== undefined) {
    const seeds = Array.from({ length: Number(runs) }, (_, at) => Number(seed) + at);
    return seeds.map((one) => {
      const scenario = RANDOM[one % RANDOM.length] ?? 'layout';
      return randomPlan(scenario, of(scenario), one);
    });
  }
  const chosen = everyCall ? of('layout') : representative(of('layout'));
  const path = uploadPath(of('layout'));
  const staging = newPoints(of('archive'), of('layout'));
  const early = everyCall ? of('early') : representative(of('early'));
  const all = [
    ...singleFaults('layout', chosen),
    ...singleFaults('archive', staging),
    ...uploadPairs('layout', everyCall ? path : firstUpload(path)),
    ...singleFaults(
      'early',
      early.filter(({ step = '' }) => SENDS_EARLY.includes(step)),
    ),
    ...uploadPairs('early', firstUpload(uploadPath(of('early')))),
    ...singleFaultsAfter(LOST, 'early', restaged),
  ];
  return all.filter((plan) => JSON.stringify(plan).includes(only));
}

/** Calls of operations that the other trace does not have: unpacking, staging. */
function newPoints(trace: readonly FaultPoint[], known: readonly FaultPoint[]): FaultPoint[] {
  const operations = new Set(known.map(({ operation }) => operation));
  return trace.filter(({ operation }) => !operations.has(operation));
}

function describe({ plan, violations }: Result): string {
  return `VIOLATED ${JSON.stringify(plan)}\n  ${violations.join('\n  ')}`;
}
