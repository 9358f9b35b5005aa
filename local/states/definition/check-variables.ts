import { invalidAt } from './invalid-definition';
import type { Flow, State } from './machine';
import { assignedNames } from './parse-assign';

/** Refuses a variable that is assigned in an inner scope while an outer one has it: inner scopes only read those. */
export function checkVariables(flow: Flow, path: string, outer: ReadonlySet<string>): void {
  const own = new Set(outer);
  for (const state of flow.states.values()) {
    for (const name of assignedIn(state)) {
      if (outer.has(name)) {
        throw invalidAt(
          `${path}/States/${state.name}`,
          `Variable '${name}' is assigned in an outer scope and can not be assigned here`,
        );
      }
      own.add(name);
    }
  }
  for (const state of flow.states.values()) {
    const inside = `${path}/States/${state.name}`;
    if (state.type === 'Map') checkVariables(state.itemProcessor, `${inside}/ItemProcessor`, own);
    if (state.type !== 'Parallel') continue;
    for (const [index, branch] of state.branches.entries()) checkVariables(branch, `${inside}/Branches[${index}]`, own);
  }
}

function assignedIn(state: State): string[] {
  const rules = state.type === 'Choice' ? state.choices : 'catch' in state ? state.catch : [];
  return [state.assign, ...rules.map((rule) => rule.assign)].flatMap(assignedNames);
}
