import { byteLength } from '../json';
import { checkVariables } from './check-variables';
import { DefinitionReader } from './definition-reader';
import { invalidAt, notJson } from './invalid-definition';
import type { Machine } from './machine';
import { parseFlow } from './parse-flow';

/** The most bytes a definition may have. */
const DEFINITION_LIMIT = 1_048_576;
/** The longest timeout, seconds: a little over three years. */
const LONGEST_SECONDS = 99_999_999;

/**
 * Reads a definition in the Amazon States Language; InvalidDefinition says what is wrong and where. States that use
 * JSONPath are refused. https://states-language.net/spec.html
 */
export function parseMachine(definition: string): Machine {
  if (byteLength(definition) > DEFINITION_LIMIT)
    throw invalidAt('', `The definition exceeds ${DEFINITION_LIMIT} bytes`);
  const top = new DefinitionReader(parseJson(definition), '');
  top.only(['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
  if ((top.text('Version') ?? '1.0') !== '1.0') throw invalidAt('/Version', "Only version '1.0' is supported");
  const timeoutSeconds = top.number('TimeoutSeconds', { min: 1, max: LONGEST_SECONDS, integer: true });
  const names = new Set<string>();
  const flow = parseFlow(top, { names, queryLanguage: queryLanguage(top) });
  checkVariables(flow, '', new Set());
  return timeoutSeconds === undefined ? flow : { ...flow, timeoutSeconds };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson((error as Error).message);
  }
}

function queryLanguage(top: DefinitionReader): 'JSONata' | 'JSONPath' {
  const language = top.text('QueryLanguage') ?? 'JSONPath';
  if (language === 'JSONata' || language === 'JSONPath') return language;
  throw invalidAt('/QueryLanguage', `Expected JSONata or JSONPath, but was '${language}'`);
}
