import type { Json } from '../json';

/** Where a flow stands. Plain JSON: a redrive goes on from it, also after a restart. */
export interface Frame {
  /** State that runs or failed. */
  at: string;
  input: Json;
  /** Variables of this flow's own scope. */
  variables: Record<string, Json>;
  /** Id of the flow's newest event: the `previousEventId` of its next. */
  lastEvent: number;
  /** Set once the state's Entered event is written; `time` is epoch milliseconds. */
  entered?: { event: number; previous: number; time: number };
  /** Slots of the Map or Parallel that runs or failed. */
  slots?: Slot[];
  /** The item of the innermost Map around the flow. */
  item?: { index: number; value: Json };
}

/** One iteration of a Map or branch of a Parallel. */
export interface Slot {
  status: 'waiting' | 'running' | 'done' | 'failed';
  frame?: Frame;
  output?: Json;
}

/** A frame at the start of a flow. */
export function frameAt(at: string, input: Json, lastEvent: number, item?: Frame['item']): Frame {
  return { at, input, variables: {}, lastEvent, ...(item === undefined ? {} : { item }) };
}
