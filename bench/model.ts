import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costOf } from '../lambda/upload/list-prices';
import { writeCostPage } from './cost-page';
import { type Goal, goalTable } from './goals';
import { type CountedPush, countedPushes } from './model/counted-push';
import { type DrainedDrops, drainDrops } from './model/drops';
import { IMAGE_BYTES, layerSizes, sizeName } from './model/layer-sizes';
import { type Makespan, makespans, slowConnections } from './model/makespans';
import { type PushCounts, pushLaw } from './model/push-law';
import { SCHEDULES } from './model/worker';

const RESULTS = join(__dirname, 'results');
const LAYERS = 20;
const SHAPES = [
  { format: 'oci-archive', layers: 6, layerMib: 20 },
  { format: 'oci-archive', layers: 2, layerMib: 120 },
] as const;

interface PushCost extends PushCounts {
  readonly image: string;
  readonly layers: number;
  readonly dollars: number;
}

/** All that the model found; written to bench/results/model.json. */
export interface ModelResults {
  readonly when: string;
  readonly makespans: readonly Makespan[];
  readonly slowConnections: readonly Makespan[];
  readonly counted: readonly CountedPush[];
  readonly costs: readonly PushCost[];
  readonly drops: DrainedDrops;
  readonly goals: readonly Goal[];
}

/** `npm run bench:model`: what the network allows, what a push costs, and what a thousand drops do. Writes docs/cost.md. */
async function main(): Promise<void> {
  console.error('makespans …');
  const spans = await makespans();
  const slow = await slowConnections();
  console.error('a thousand drops …');
  const drops = await drainDrops();
  console.error('counted pushes …');
  const counted = await countedPushes(SHAPES);
  const idle = Math.max(...counted.map((push) => push.idle));
  const costs = await Promise.all(IMAGE_BYTES.map((bytes) => costOfPush(bytes, idle)));
  const goals = [...networkGoals(spans), ...(await lawGoals(counted)), ...costGoals(costs)];
  const when = new Date().toISOString();
  const results: ModelResults = { when, makespans: spans, slowConnections: slow, counted, costs, drops, goals };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'model.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  print(results);
  writeCostPage(results);
}

async function costOfPush(bytes: number, idle: number): Promise<PushCost> {
  const counts = await pushLaw(layerSizes(bytes, LAYERS, 'skewed'), idle);
  return { image: sizeName(bytes), layers: LAYERS, ...counts, dollars: costOf(counts) };
}

function networkGoals(spans: readonly Makespan[]): Goal[] {
  const atLeast = (name: string, layers: number, limit: number): Goal => {
    const its = spans.filter((one) => one.layers === layers && one.commitMs === 100 && one.image === '10 GB');
    const gated = its.filter(({ schedule }) => schedule === SCHEDULES.at(-1)?.name);
    const least = Math.min(...gated.map(({ ofLimit }) => ofLimit));
    return { name, measured: 1 / least, most: round(1 / limit), note: `${least.toFixed(3)} of the limit` };
  };
  return [
    atLeast('10 GB in one layer, gated, 100 ms commit latency: time over the ideal (0.85 of the limit)', 1, 0.85),
    atLeast('10 GB in 20 layers, gated, 100 ms commit latency: time over the ideal (0.9 of the limit)', 20, 0.9),
  ];
}

/** The law that the costs go by, held against what real pushes took. */
async function lawGoals(counted: readonly CountedPush[]): Promise<Goal[]> {
  const all = await Promise.all(
    counted.map(async ({ sizes, counts, idle }) => {
      const law = await pushLaw(sizes, idle);
      const name = `${sizes.length} blobs counted: difference to the law`;
      return [
        { name: `${name} in transitions`, measured: Math.abs(counts.transitions - law.transitions), most: 0 },
        { name: `${name} in invocations`, measured: Math.abs(counts.invocations - law.invocations), most: 0 },
        { name: `${name} in events`, measured: Math.abs(counts.events - law.events), most: 0 },
        { name: `${name} in reads of S3`, measured: Math.abs(counts.reads - law.reads), most: 0 },
        { name: `${name} in writes`, measured: Math.abs(counts.writes - law.writes), most: 0 },
      ];
    }),
  );
  return all.flat();
}

function costGoals(costs: readonly PushCost[]): Goal[] {
  const ten = costs.find(({ image }) => image === '10 GB');
  if (!ten) return [];
  return [
    { name: `10 GB image of ${LAYERS} layers: transitions`, measured: ten.transitions, most: 100 + 5 * LAYERS },
    { name: `10 GB image of ${LAYERS} layers: dollars times 1,000`, measured: ten.dollars * 1000, most: 8 },
  ];
}

function print({ makespans: spans, slowConnections: slow, counted, costs, drops, goals }: ModelResults): void {
  console.log(`share of the network limit: ${SCHEDULES.map(({ name }) => name).join(' / ')}`);
  printShares(spans, '');
  printShares(slow, ', slow connections');
  console.log('\ncounted on the local AWS');
  for (const { sizes, counts } of counted) console.log(`${sizes.length} blobs: ${JSON.stringify(counts)}`);
  console.log(`\nby that law, images of ${LAYERS} skewed layers, each compared with its digest while it is sent`);
  for (const { image, transitions, events, invocations, gbSeconds, dollars } of costs) {
    console.log(
      `${image}: ${transitions} transitions, ${events} events, ${invocations} invocations, ${gbSeconds.toFixed(1)} GB s, $${dollars.toFixed(5)}`,
    );
  }
  console.log(`\n${JSON.stringify(drops)}\n\n${goalTable(goals)}`);
}

function printShares(spans: readonly Makespan[], which: string): void {
  const rows = new Map<string, Map<number, string[]>>();
  for (const { image, layers, shape, commitMs, ofLimit } of spans) {
    const name = `${image}, ${layers} ${layers === 1 ? 'layer' : `${shape} layers`}${which}`;
    const row = rows.get(name) ?? new Map<number, string[]>();
    rows.set(name, row.set(commitMs, [...(row.get(commitMs) ?? []), ofLimit.toFixed(2)]));
  }
  for (const [name, row] of rows) {
    console.log(`${name.padEnd(34)} ${[...row].map(([ms, shares]) => `${ms} ms: ${shares.join(' / ')}`).join('   ')}`);
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
