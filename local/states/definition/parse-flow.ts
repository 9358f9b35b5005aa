import { isObject } from '../json';
import { DefinitionReader } from './definition-reader';
import { brokenTransition, invalidAt } from './invalid-definition';
import type { Flow, State } from './machine';
import { parseState } from './parse-state';

/** What all states of a definition share: the names taken so far, and the query language where a state names none. */
export interface DefinitionScope {
  readonly names: Set<string>;
  readonly queryLanguage: 'JSONata' | 'JSONPath';
}

/** Reads `StartAt` and `States`; every transition must lead to a state, and every state must be reachable. */
export function parseFlow(reader: DefinitionReader, scope: DefinitionScope): Flow {
  const missing = ['StartAt', 'States'].filter((name) => !reader.has(name));
  if (missing.length > 0) throw invalidAt(reader.path, `These fields are required: [${missing.join(', ')}]`);
  const startAt = reader.requiredText('StartAt');
  const definitions = reader.value('States');
  if (!isObject(definitions) || Object.keys(definitions).length === 0) {
    throw invalidAt(reader.at('States'), 'Expected a JSON object with at least one state');
  }
  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(definitions)) {
    const state = new DefinitionReader(value, `${reader.at('States')}/${name}`);
    takeName(name, state.path, scope);
    states.set(name, parseState(name, state, scope));
  }
  checkTransitions(states, startAt, reader);
  return { startAt, states };
}

/** Names of the states that a state can lead to, each with the field that says so. */
function transitions(state: State): readonly { readonly field: string; readonly target: string }[] {
  const found: { field: string; target: string }[] = [];
  if (state.next !== undefined) found.push({ field: 'Next', target: state.next });
  if (state.type === 'Choice') {
    for (const [index, rule] of state.choices.entries())
      found.push({ field: `Choices[${index}]/Next`, target: rule.next });
    if (state.default !== undefined) found.push({ field: 'Default', target: state.default });
  }
  if ('catch' in state) {
    for (const [index, catcher] of state.catch.entries())
      found.push({ field: `Catch[${index}]/Next`, target: catcher.next });
  }
  return found;
}

function takeName(name: string, path: string, scope: DefinitionScope): void {
  if (name === '' || name.length > 80) throw invalidAt(path, 'A state name has 1 to 80 characters');
  if (scope.names.has(name)) throw invalidAt(path, `State name '${name}' is used more than once`);
  scope.names.add(name);
}

function checkTransitions(states: ReadonlyMap<string, State>, startAt: string, reader: DefinitionReader): void {
  if (!states.has(startAt)) throw brokenTransition(reader.at('StartAt'), `Missing 'StartAt' target: ${startAt}`);
  const reached = new Set([startAt]);
  // A set that grows while it is walked: each state is looked at once.
  for (const name of reached) {
    const state = states.get(name);
    if (state === undefined) continue;
    for (const { field, target } of transitions(state)) {
      if (!states.has(target)) {
        const place = `${reader.at('States')}/${name}/${field}`;
        throw brokenTransition(place, `Missing transition target: ${target}`);
      }
      reached.add(target);
    }
  }
  for (const name of states.keys()) {
    if (!reached.has(name))
      throw brokenTransition(`${reader.at('States')}/${name}`, `State "${name}" is not reachable.`);
  }
}
