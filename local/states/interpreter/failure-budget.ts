import type { MapState } from '../definition/machine';
import { StateFailure } from './failure';
import type { Visit } from './visit';

/** How many iterations of a Map may fail. */
export interface FailureBudget {
  /** Counts a failure; gives the failure that ends the Map once there are too many. */
  spend(failure: StateFailure): StateFailure | undefined;
}

const COUNT = {
  type: 'number',
  accepts: (value: number) => Number.isInteger(value) && value >= 0,
  expected: 'an integer of at least 0',
} as const;
const PERCENTAGE = {
  type: 'number',
  accepts: (value: number) => value >= 0 && value <= 100,
  expected: 'a number from 0 to 100',
} as const;

/** Reads a Map's tolerated failures; without any, the first failure is the Map's own. */
export async function failureBudget(state: MapState, visit: Visit, items: number): Promise<FailureBudget> {
  const count = await visit.valueAs<number>(state.toleratedFailureCount, COUNT);
  const percentage = await visit.valueAs<number>(state.toleratedFailurePercentage, PERCENTAGE);
  if (count === undefined && percentage === undefined) return { spend: (failure) => failure };
  const tolerated = Math.min(count ?? Infinity, percentage === undefined ? Infinity : (percentage / 100) * items);
  let failed = 0;
  return {
    spend() {
      failed += 1;
      if (failed <= tolerated) return undefined;
      const reason = 'The specified tolerated failure threshold was exceeded';
      return new StateFailure({ error: 'States.ExceedToleratedFailureThreshold', reason });
    },
  };
}
