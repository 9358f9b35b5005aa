import type { Json } from '../json';
import { DefinitionReader, WITH_ERROR } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { Catcher, Retrier } from './machine';
import { parseAssign } from './parse-assign';

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
const RESERVED_ERRORS = [
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
];

/** Reads `Retry`, with the defaults of the language: 3 attempts, 1 second, doubling. */
export function parseRetry(state: DefinitionReader): Retrier[] {
  const retriers = state.list('Retry').map((value, index) => parseRetrier(value, `${state.at('Retry')}[${index}]`));
  checkWildcard(retriers, state.at('Retry'));
  return retriers;
}

/** Reads `Catch`. */
export function parseCatch(state: DefinitionReader): Catcher[] {
  const catchers = state.list('Catch').map((value, index) => parseCatcher(value, state, index));
  checkWildcard(catchers, state.at('Catch'));
  return catchers;
}

function parseRetrier(value: Json, path: string): Retrier {
  const reader = new DefinitionReader(value, path);
  reader.only([
    'ErrorEquals',
    'IntervalSeconds',
    'MaxAttempts',
    'BackoffRate',
    'MaxDelaySeconds',
    'JitterStrategy',
    'Comment',
  ]);
  const intervalSeconds = reader.number('IntervalSeconds', { min: 1, max: 99_999_999, integer: true }) ?? 1;
  const maxDelaySeconds = reader.number('MaxDelaySeconds', { min: 1, max: 31_622_400, integer: true });
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    throw invalidAt(reader.at('MaxDelaySeconds'), 'MaxDelaySeconds must be greater than IntervalSeconds');
  }
  const jitter = reader.text('JitterStrategy') ?? 'NONE';
  if (jitter !== 'NONE' && jitter !== 'FULL') throw invalidAt(reader.at('JitterStrategy'), 'Expected FULL or NONE');
  return {
    errorEquals: parseErrorEquals(reader),
    intervalSeconds,
    maxAttempts: reader.number('MaxAttempts', { min: 0, max: 99_999_999, integer: true }) ?? 3,
    backoffRate: reader.number('BackoffRate', { min: 1, max: Number.MAX_VALUE, integer: false }) ?? 2,
    fullJitter: jitter === 'FULL',
    ...given({ maxDelaySeconds }),
  };
}

function parseCatcher(value: Json, state: DefinitionReader, index: number): Catcher {
  const field = `Catch[${index}]`;
  const reader = new DefinitionReader(value, `${state.path}/${field}`);
  reader.only(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment']);
  const output = reader.template('Output', WITH_ERROR, `${field}/Output`);
  const assign = parseAssign(reader, WITH_ERROR, `${field}/Assign`);
  return { errorEquals: parseErrorEquals(reader), next: reader.requiredText('Next'), ...given({ output, assign }) };
}

function parseErrorEquals(reader: DefinitionReader): string[] {
  const path = reader.at('ErrorEquals');
  const names = reader.list('ErrorEquals').filter((name) => typeof name === 'string');
  if (names.length === 0 || names.length !== reader.list('ErrorEquals').length) {
    throw invalidAt(path, 'Expected an array of at least one error name');
  }
  for (const name of names) {
    if (name.startsWith('States.') && !RESERVED_ERRORS.includes(name))
      throw invalidAt(path, `'${name}' is no error of the States Language`);
  }
  if (names.includes('States.ALL') && names.length > 1) throw invalidAt(path, 'States.ALL must stand alone');
  return names;
}

function checkWildcard(rules: readonly { readonly errorEquals: readonly string[] }[], path: string): void {
  const at = rules.findIndex((rule) => rule.errorEquals.includes('States.ALL'));
  if (at >= 0 && at < rules.length - 1) throw invalidAt(`${path}[${at}]`, 'States.ALL must be the last rule');
}
