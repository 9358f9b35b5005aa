import type { MapState } from '../definition/machine';
import { EvaluationError } from '../evaluation/evaluate';
import { type Json, typeName } from '../json';
import { type FailureBudget, failureBudget } from './failure-budget';
import { frameAt, type Slot } from './frame';
import { withRecovery } from './recovery';
import { abortSiblings, runSlots, type SlotPlan } from './run-slots';
import { type Transition, Visit } from './visit';

/** An inline Map runs this many iterations at once at most. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const MOST_LANES = 40;

const CONCURRENCY = {
  type: 'number',
  accepts: (value: number) => Number.isInteger(value) && value >= 0,
  expected: 'an integer of at least 0',
} as const;

/** Runs the inner flow for each item; the result is the array of outputs, in the items' order. */
export function runMap(state: MapState, visit: Visit): Promise<Transition> {
  return withRecovery(state, visit, {
    work: () => runIterations(state, visit),
    failed: () => visit.record('MapStateFailed'),
  });
}

async function runIterations(state: MapState, visit: Visit): Promise<Json> {
  const { frame } = visit.flow;
  const resumed = visit.retryCount === 0 ? frame.slots : undefined;
  const items = await readItems(state, visit);
  const concurrency = (await visit.valueAs<number>(state.maxConcurrency, CONCURRENCY)) ?? 0;
  const budget = await failureBudget(state, visit, items.length);
  if (resumed === undefined) {
    visit.record('MapStateStarted', { length: items.length });
    frame.slots = items.map(() => ({ status: 'waiting' }));
  }
  const slots = frame.slots ?? [];
  const lanes = concurrency === 0 ? MOST_LANES : Math.min(concurrency, MOST_LANES);
  const iterations = new Iterations(state, visit, items, budget);
  await runSlots(visit, iterations.plan(slots, lanes));
  const result = slots.filter((slot) => slot.status === 'done').map((slot) => slot.output ?? null);
  visit.checkSize(result);
  visit.leftFrom = frame.lastEvent;
  visit.record('MapStateSucceeded');
  return result;
}

async function readItems(state: MapState, visit: Visit): Promise<Json[]> {
  const items = await visit.valueAs<Json[]>(state.items, { type: 'array' });
  if (items !== undefined) return items;
  if (Array.isArray(visit.input)) return visit.input;
  return visit.reporting(async () => {
    throw new EvaluationError('Items', `Expected the state input to be an array, but was '${typeName(visit.input)}'`);
  });
}

/** The turns of one run of a Map's iterations. */
class Iterations {
  constructor(
    private readonly state: MapState,
    private readonly visit: Visit,
    private readonly items: readonly Json[],
    private readonly budget: FailureBudget,
  ) {}

  plan(slots: Slot[], lanes: number): SlotPlan {
    const { frame } = this.visit.flow;
    const plan: SlotPlan = {
      slots,
      lanes,
      flowOf: () => this.state.itemProcessor,
      begin: (slot, index, lastEvent) => this.begin(slot, index, lastEvent),
      succeeded: (slot, index) => {
        frame.lastEvent = this.noteEnd('MapIterationSucceeded', index, slot);
      },
      failed: (slot, index, failure) => {
        this.noteEnd('MapIterationFailed', index, slot);
        const end = this.budget.spend(failure);
        if (end === undefined) return;
        frame.lastEvent = this.lastEventOf(slot);
        abortSiblings(this.visit, plan, index, true);
        throw end;
      },
    };
    return plan;
  }

  private async begin(slot: Slot, index: number, lastEvent: number): Promise<void> {
    const { flow, state } = this.visit;
    const started = this.visit.note('MapIterationStarted', { name: state.name, index }, lastEvent);
    const item = { index, value: this.items[index] ?? null };
    const selecting = new Visit({ ...flow, frame: { ...flow.frame, item, lastEvent: started } }, state);
    selecting.retryCount = this.visit.retryCount;
    const input = await selecting.value(this.state.itemSelector, item.value);
    selecting.checkSize(input);
    slot.frame = frameAt(this.state.itemProcessor.startAt, input, started, item);
  }

  private noteEnd(type: string, index: number, slot: Slot): number {
    return this.visit.note(type, { name: this.state.name, index }, this.lastEventOf(slot));
  }

  // A slot without a frame failed in its ItemSelector, whose event is the newest of all.
  private lastEventOf(slot: Slot): number {
    return slot.frame?.lastEvent ?? this.visit.flow.run.history.events.length;
  }
}
