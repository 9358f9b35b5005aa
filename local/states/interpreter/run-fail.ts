import type { FailState } from '../definition/machine';
import { StateFailure } from './failure';
import type { Transition, Visit } from './visit';

/** Fails with the state's Error and Cause. */
export async function runFail(state: FailState, visit: Visit): Promise<Transition> {
  const error = await visit.valueAs<string>(state.error, { type: 'string' });
  const reason = await visit.valueAs<string>(state.cause, { type: 'string' });
  throw new StateFailure({ error, reason });
}
