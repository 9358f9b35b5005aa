import { type DefinitionReader, INPUT_ONLY, WITH_RESULT } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { ChoiceState, FailState, PassState, State, StateBase, SucceedState, WaitState } from './machine';
import { parseAssign } from './parse-assign';
import { parseChoiceRule } from './parse-choice-rule';
import type { DefinitionScope } from './parse-flow';
import { parseMap } from './parse-map';
import { parseParallel } from './parse-parallel';
import { parseTask } from './parse-task';

type Parser = (base: StateBase, reader: DefinitionReader, scope: DefinitionScope) => State;

const IN_ALL_STATES = ['Type', 'Comment', 'QueryLanguage', 'Assign', 'Output'];
const SECONDS = { min: 0, max: 99_999_999, integer: true };

const PARSERS: Record<State['type'], { readonly fields: readonly string[]; readonly parse: Parser }> = {
  Task: {
    fields: [
      'Next',
      'End',
      'Resource',
      'Arguments',
      'Credentials',
      'TimeoutSeconds',
      'HeartbeatSeconds',
      'Retry',
      'Catch',
    ],
    parse: parseTask,
  },
  Pass: { fields: ['Next', 'End'], parse: (base): PassState => ({ ...base, type: 'Pass' }) },
  Choice: { fields: ['Choices', 'Default'], parse: parseChoice },
  Wait: { fields: ['Next', 'End', 'Seconds', 'Timestamp'], parse: parseWait },
  Succeed: { fields: [], parse: (base): SucceedState => ({ ...base, type: 'Succeed' }) },
  Fail: { fields: ['Error', 'Cause'], parse: parseFail },
  Parallel: { fields: ['Next', 'End', 'Branches', 'Arguments', 'Retry', 'Catch'], parse: parseParallel },
  Map: {
    fields: [
      ...['Next', 'End', 'Items', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency', 'Retry', 'Catch'],
      ...['ToleratedFailureCount', 'ToleratedFailurePercentage'],
    ],
    parse: parseMap,
  },
};

/** Reads one state of any type. */
export function parseState(name: string, reader: DefinitionReader, scope: DefinitionScope): State {
  const type = reader.requiredText('Type');
  const parser = Object.hasOwn(PARSERS, type) ? PARSERS[type as State['type']] : undefined;
  if (parser === undefined) throw invalidAt(reader.at('Type'), `Unknown state type '${type}'`);
  checkLanguage(reader, scope);
  reader.only(
    type === 'Fail' ? [...IN_ALL_STATES.slice(0, 3), ...parser.fields] : [...IN_ALL_STATES, ...parser.fields],
  );
  const next = parser.fields.includes('Next') ? parseNext(reader) : undefined;
  const output = reader.template('Output', hasResult(type) ? WITH_RESULT : INPUT_ONLY);
  const assign = parseAssign(reader, hasResult(type) ? WITH_RESULT : INPUT_ONLY, 'Assign');
  return parser.parse({ name, ...given({ next, output, assign }) }, reader, scope);
}

function checkLanguage(reader: DefinitionReader, scope: DefinitionScope): void {
  const own = reader.text('QueryLanguage');
  if (own === 'JSONPath' && scope.queryLanguage === 'JSONata') {
    throw invalidAt(reader.path, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  }
  if ((own ?? scope.queryLanguage) !== 'JSONata') {
    throw invalidAt(
      reader.path,
      'This interpreter runs states with QueryLanguage JSONata only, but this one uses JSONPath',
    );
  }
}

function hasResult(type: string): boolean {
  return type === 'Task' || type === 'Parallel' || type === 'Map';
}

function parseNext(reader: DefinitionReader): string | undefined {
  const next = reader.text('Next');
  const end = reader.value('End');
  if (end !== undefined && typeof end !== 'boolean')
    throw invalidAt(reader.at('End'), 'Expected value of type Boolean');
  if ((next === undefined) === (end !== true)) {
    throw invalidAt(reader.path, "Exactly one of the fields 'Next' and 'End': true is required");
  }
  return next;
}

function parseChoice(base: StateBase, reader: DefinitionReader): ChoiceState {
  const choices = reader.list('Choices').map((rule, index) => parseChoiceRule(rule, reader.path, index));
  if (choices.length === 0) throw invalidAt(reader.at('Choices'), 'At least one choice is required');
  return { ...base, type: 'Choice', choices, ...given({ default: reader.text('Default') }) };
}

function parseWait(base: StateBase, reader: DefinitionReader): WaitState {
  const seconds = reader.numberTemplate('Seconds', SECONDS);
  const timestamp = reader.textTemplate('Timestamp');
  if (seconds !== undefined && timestamp === undefined) return { ...base, type: 'Wait', until: { seconds } };
  if (timestamp !== undefined && seconds === undefined) return { ...base, type: 'Wait', until: { timestamp } };
  throw invalidAt(reader.path, "Exactly one of the fields 'Seconds' and 'Timestamp' is required");
}

function parseFail(base: StateBase, reader: DefinitionReader): FailState {
  return {
    ...base,
    type: 'Fail',
    ...given({ error: reader.textTemplate('Error'), cause: reader.textTemplate('Cause') }),
  };
}
