import type { Json } from '../json';
import { DefinitionReader, INPUT_ONLY } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { ChoiceRule } from './machine';
import { parseAssign } from './parse-assign';
import { isExpression } from './template';

/** Reads one rule of a Choice: a boolean, or an expression that is to give one. */
export function parseChoiceRule(value: Json, statePath: string, index: number): ChoiceRule {
  const field = `Choices[${index}]`;
  const reader = new DefinitionReader(value, `${statePath}/${field}`);
  reader.only(['Condition', 'Next', 'Assign', 'Output', 'Comment']);
  const found = reader.value('Condition');
  if (typeof found !== 'boolean' && !(typeof found === 'string' && isExpression(found))) {
    throw invalidAt(reader.at('Condition'), 'Expected a boolean or a JSONata expression');
  }
  const condition = reader.template('Condition', INPUT_ONLY, `${field}/Condition`);
  if (condition === undefined) throw invalidAt(reader.path, 'These fields are required: [Condition]');
  const output = reader.template('Output', INPUT_ONLY, `${field}/Output`);
  const assign = parseAssign(reader, INPUT_ONLY, `${field}/Assign`);
  return { condition, next: reader.requiredText('Next'), ...given({ output, assign }) };
}
