import type { Flow, ParallelState } from '../definition/machine';
import type { Json } from '../json';
import { frameAt, type Slot } from './frame';
import { withRecovery } from './recovery';
import { abortSiblings, runSlots, type SlotPlan } from './run-slots';
import type { Transition, Visit } from './visit';

/** Runs all branches side by side on the same input; the result is the array of their outputs, in order. */
export function runParallel(state: ParallelState, visit: Visit): Promise<Transition> {
  return withRecovery(state, visit, {
    work: () => runBranches(state, visit),
    failed: () => visit.record('ParallelStateFailed'),
  });
}

async function runBranches(state: ParallelState, visit: Visit): Promise<Json> {
  const { frame } = visit.flow;
  const resumed = visit.retryCount === 0 ? frame.slots : undefined;
  const input = await visit.value(state.arguments, visit.input);
  visit.checkSize(input);
  if (resumed === undefined) {
    visit.record('ParallelStateStarted');
    frame.slots = state.branches.map(() => ({ status: 'waiting' }));
  }
  const slots = frame.slots ?? [];
  const plan = planOf(state.branches, slots, input, visit);
  await runSlots(visit, plan);
  const result = slots.map((slot) => slot.output ?? null);
  visit.checkSize(result);
  visit.leftFrom = frame.lastEvent;
  visit.record('ParallelStateSucceeded');
  return result;
}

function planOf(branches: readonly Flow[], slots: Slot[], input: Json, visit: Visit): SlotPlan {
  const { frame } = visit.flow;
  const flowOf = (index: number): Flow => {
    const branch = branches[index];
    if (branch === undefined) throw new Error(`Parallel has no branch ${index}`);
    return branch;
  };
  const plan: SlotPlan = {
    slots,
    lanes: slots.length,
    flowOf,
    begin: async (slot, index, lastEvent) => {
      slot.frame = frameAt(flowOf(index).startAt, input, lastEvent, frame.item);
    },
    succeeded: (slot) => {
      frame.lastEvent = slot.frame?.lastEvent ?? frame.lastEvent;
    },
    failed: (slot, index, failure) => {
      frame.lastEvent = slot.frame?.lastEvent ?? frame.lastEvent;
      abortSiblings(visit, plan, index, false);
      throw failure;
    },
  };
  return plan;
}
