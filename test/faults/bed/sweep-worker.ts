import { FaultBed } from './fault-bed';
import type { FaultPlan } from './fault-plan';
import { endingOf, violationsOf } from './invariants';

/** What a worker is told: who it is, and then one plan after the other. */
export type Order = { readonly assembly: string; readonly salt: number } | { readonly plan: FaultPlan };

/** What one run came to, short enough for a table. */
export interface Result {
  readonly plan: FaultPlan;
  readonly ending: string;
  readonly restarts: number;
  /** Bytes that went to ECR beyond those of the tarball. */
  readonly bytesAgain: number;
  /** Whether every fault of the plan was met. */
  readonly met: boolean;
  readonly violations: readonly string[];
}

let bed: FaultBed | undefined;

process.on('message', async (order: Order) => {
  if ('salt' in order) {
    bed = await FaultBed.start(order.assembly, order.salt);
    process.send?.('ready');
  } else if (bed) {
    process.send?.(await resultOf(bed, order.plan));
  }
});
process.on('disconnect', () => void bed?.stop().finally(() => process.exit()));

async function resultOf(on: FaultBed, plan: FaultPlan): Promise<Result> {
  try {
    const run = await on.run(plan);
    const restarts = run.push.states.filter((state) => state === 'RestartLayerUpload').length;
    const bytesAgain = Math.max(0, run.bytesSent - run.size);
    const met = run.met.every((times) => times > 0);
    return { plan, ending: endingOf(run.push), restarts, bytesAgain, met, violations: violationsOf(run) };
  } catch (error) {
    const violations = [`the run itself broke: ${(error as Error).stack}`];
    return { plan, ending: 'broken', restarts: 0, bytesAgain: 0, met: false, violations };
  }
}
