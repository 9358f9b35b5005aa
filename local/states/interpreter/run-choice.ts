import type { ChoiceState } from '../definition/machine';
import { StateFailure } from './failure';
import type { Transition, Visit } from './visit';

/** Goes where the first true condition leads, else to the default. */
export async function runChoice(state: ChoiceState, visit: Visit): Promise<Transition> {
  for (const rule of state.choices) {
    const holds = await visit.valueAs<boolean>(rule.condition, { type: 'boolean' });
    if (holds) return visit.conclude(rule, visit.input, {});
  }
  if (state.default !== undefined) return visit.conclude({ ...state, next: state.default }, visit.input, {});
  const reason = visit.located('Failed to transition out of the state. The state does not point to a next state.');
  throw new StateFailure({ error: 'States.NoChoiceMatched', reason });
}
