import { setTimeout as passing } from 'node:timers/promises';
import type { Clock } from '../../local/states';

const SHORTEST_LIMIT_MS = 15 * 60_000;

/**
 * A clock for the state machine.
 * @param waits how much faster a wait ends
 * @param limits how much faster the time of a Task or an execution is up, which is 15 minutes or more
 */
export function fastClock({ waits = 1_000, limits = 1 } = {}): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) => passing(ms / (ms < SHORTEST_LIMIT_MS ? waits : limits), undefined, { signal }),
  };
}
