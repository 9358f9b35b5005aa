import type { Catcher, FallibleState, Retrier } from '../definition/machine';
import type { Json, JsonObject } from '../json';
import { errorAndCause, matches, StateFailure } from './failure';
import { sleep } from './sleep';
import type { Transition, Visit } from './visit';

/** One try at a state's work. `failed` is told of a failure that no retrier takes. */
export interface Attempt {
  readonly work: () => Promise<Json>;
  readonly failed?: () => void;
}

/** Tries a state's work as often as its Retry says, then goes on, or where its Catch leads. */
export async function withRecovery(state: FallibleState, visit: Visit, attempt: Attempt): Promise<Transition> {
  const attempts = new Map<Retrier, number>();
  for (;;) {
    try {
      const result = await attempt.work();
      return await visit.conclude(state, result, { result });
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      const delay = nextDelay(state.retry, error, attempts, visit.flow.run.random);
      if (delay === undefined) {
        attempt.failed?.();
        return caught(state.catch, error, visit);
      }
      visit.retryCount += 1;
      await sleep(visit.flow.run.clock, delay * 1000, visit.flow.signal);
    }
  }
}

/** Seconds until the next try, or undefined when there is none. */
function nextDelay(
  retriers: readonly Retrier[],
  failure: StateFailure,
  attempts: Map<Retrier, number>,
  random: () => number,
): number | undefined {
  const retrier = retriers.find((candidate) => matches(candidate.errorEquals, failure));
  if (retrier === undefined) return undefined;
  const used = attempts.get(retrier) ?? 0;
  if (used >= retrier.maxAttempts) return undefined;
  attempts.set(retrier, used + 1);
  const delay = Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds ?? Infinity);
  return retrier.fullJitter ? delay * random() : delay;
}

async function caught(catchers: readonly Catcher[], failure: StateFailure, visit: Visit): Promise<Transition> {
  const catcher = catchers.find((candidate) => matches(candidate.errorEquals, failure));
  if (catcher === undefined) throw failure;
  visit.leftFrom = undefined;
  const { error, cause } = errorAndCause(failure);
  const errorOutput: JsonObject = {
    ...(error === undefined ? {} : { Error: error }),
    ...(cause === undefined ? {} : { Cause: cause }),
  };
  return visit.conclude(catcher, errorOutput, { errorOutput });
}
