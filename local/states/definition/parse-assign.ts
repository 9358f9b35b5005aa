import { isObject } from '../json';
import type { DefinitionReader } from './definition-reader';
import type { StatesFields } from './expression-rules';
import { invalidAt } from './invalid-definition';
import type { Template } from './template';

// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html: a Unicode identifier of up to 80 characters
const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

/** Reads `Assign`: an object from variable names to values. */
export function parseAssign(reader: DefinitionReader, reads: StatesFields, field: string): Template | undefined {
  const value = reader.value('Assign');
  if (value === undefined) return undefined;
  if (!isObject(value)) throw invalidAt(reader.at('Assign'), 'Expected value of type Object');
  for (const name of Object.keys(value)) {
    const path = `${reader.at('Assign')}/${name}`;
    if (name === 'states') throw invalidAt(path, "Variable name 'states' is reserved");
    if (!VARIABLE_NAME.test(name))
      throw invalidAt(path, `Variable name '${name}' is not an identifier of up to 80 characters`);
  }
  return reader.template('Assign', reads, field);
}

/** Names that an `Assign` gives values to. */
export function assignedNames(assign: Template | undefined): string[] {
  if (assign?.kind === 'object') return assign.fields.map(([name]) => name);
  return assign?.kind === 'literal' && isObject(assign.value) ? Object.keys(assign.value) : [];
}
