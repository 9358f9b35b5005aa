import type { Flow } from '../definition/machine';
import { Aborted, StateFailure } from './failure';
import type { Slot } from './frame';
import { runFlow } from './run-flow';
import type { Visit } from './visit';

/** The iterations of a Map or branches of a Parallel, and what their state does at their turns. */
export interface SlotPlan {
  readonly slots: Slot[];
  /** How many run at once. */
  readonly lanes: number;
  readonly flowOf: (index: number) => Flow;
  /** Gives a slot its first frame; `lastEvent` is the lane's newest event. */
  readonly begin: (slot: Slot, index: number, lastEvent: number) => Promise<void>;
  readonly succeeded: (slot: Slot, index: number) => void;
  /** Returns to go on with the other slots; throws to end them all. */
  readonly failed: (slot: Slot, index: number, failure: StateFailure) => void;
}

/** Runs all slots that are not done yet. The first error that ends them all aborts the others and is thrown. */
export async function runSlots(visit: Visit, plan: SlotPlan): Promise<void> {
  const controller = new AbortController();
  const signal = AbortSignal.any([visit.flow.signal, controller.signal]);
  const start = visit.flow.frame.lastEvent;
  const ended: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    let lastEvent = start;
    while (next < plan.slots.length && !signal.aborted) {
      const index = next++;
      const slot = plan.slots[index];
      if (slot === undefined || slot.status === 'done') continue;
      try {
        await runSlot(visit, plan, { slot, index, lastEvent, signal, abort: () => controller.abort() });
      } catch (error) {
        ended.push(error);
      }
      lastEvent = slot.frame?.lastEvent ?? lastEvent;
    }
  };
  await Promise.all(Array.from({ length: Math.min(plan.lanes, plan.slots.length) }, lane));
  if (ended.length > 0) throw ended.find((error) => !(error instanceof Aborted)) ?? ended[0];
  if (signal.aborted) throw new Aborted();
}

/** Writes that the flows of all running slots end here, as successors of the event that ended them. */
export function abortSiblings(visit: Visit, plan: SlotPlan, failed: number, iteration: boolean): void {
  const previous = visit.flow.frame.lastEvent;
  noteAborted(visit, plan, failed, previous);
  for (const [index, slot] of plan.slots.entries()) {
    if (index === failed || slot.status !== 'running') continue;
    if (iteration) visit.note('MapIterationAborted', { name: visit.state.name, index }, previous);
    noteAborted(visit, plan, index, previous);
  }
}

async function runSlot(
  visit: Visit,
  plan: SlotPlan,
  turn: { slot: Slot; index: number; lastEvent: number; signal: AbortSignal; abort: () => void },
): Promise<void> {
  const { slot, index, lastEvent, signal, abort } = turn;
  const { run, outer, frame } = visit.flow;
  try {
    if (slot.frame === undefined) await plan.begin(slot, index, lastEvent);
    if (slot.frame === undefined) throw new Error('A slot began without a frame');
    slot.status = 'running';
    const scope = { ...outer, ...frame.variables };
    slot.output = await runFlow(plan.flowOf(index), { run, frame: slot.frame, outer: scope, signal });
    slot.status = 'done';
    plan.succeeded(slot, index);
  } catch (error) {
    if (error instanceof StateFailure) slot.status = 'failed';
    try {
      if (!(error instanceof StateFailure)) throw error;
      plan.failed(slot, index, error);
    } catch (end) {
      // At once, so that no sibling writes an event after its abort.
      abort();
      throw end;
    }
  }
}

// As recorded from the service: a failed Task, unlike a failed Map, also counts as aborted.
function noteAborted(visit: Visit, plan: SlotPlan, index: number, previous: number): void {
  const slot = plan.slots[index];
  const type = slot?.frame === undefined ? undefined : plan.flowOf(index).states.get(slot.frame.at)?.type;
  const abortable = slot?.status === 'failed' ? ['Task'] : ['Task', 'Wait', 'Map', 'Parallel'];
  if (type !== undefined && abortable.includes(type)) visit.note(`${type}StateAborted`, undefined, previous);
}
