import { DefinitionReader, INPUT_ONLY } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { Flow, MapState, StateBase } from './machine';
import { type DefinitionScope, parseFlow } from './parse-flow';
import { parseCatch, parseRetry } from './parse-recovery';
import { isExpression, type Template } from './template';

const COUNT = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };
const PERCENTAGE = { min: 0, max: 100, integer: false };

/** Reads a Map. Its iterations run inside the execution; DISTRIBUTED mode is refused by name. */
export function parseMap(base: StateBase, reader: DefinitionReader, scope: DefinitionScope): MapState {
  return {
    ...base,
    type: 'Map',
    itemProcessor: parseProcessor(reader, scope),
    retry: parseRetry(reader),
    catch: parseCatch(reader),
    ...given({
      items: parseItems(reader),
      itemSelector: reader.template('ItemSelector', INPUT_ONLY),
      maxConcurrency: reader.numberTemplate('MaxConcurrency', COUNT),
      toleratedFailureCount: reader.numberTemplate('ToleratedFailureCount', COUNT),
      toleratedFailurePercentage: reader.numberTemplate('ToleratedFailurePercentage', PERCENTAGE),
    }),
  };
}

function parseProcessor(reader: DefinitionReader, scope: DefinitionScope): Flow {
  const inner = new DefinitionReader(reader.value('ItemProcessor'), reader.at('ItemProcessor'));
  inner.only(['StartAt', 'States', 'Comment', 'ProcessorConfig']);
  if (inner.has('ProcessorConfig')) {
    const config = new DefinitionReader(inner.value('ProcessorConfig'), inner.at('ProcessorConfig'));
    const mode = config.text('Mode') ?? 'INLINE';
    if (mode !== 'INLINE')
      throw invalidAt(config.at('Mode'), `This interpreter runs Map in INLINE mode only, but the mode is '${mode}'`);
    config.only(['Mode']);
  }
  return parseFlow(inner, scope);
}

function parseItems(reader: DefinitionReader): Template | undefined {
  const items = reader.value('Items');
  if (items === undefined || Array.isArray(items) || (typeof items === 'string' && isExpression(items))) {
    return reader.template('Items', INPUT_ONLY);
  }
  throw invalidAt(reader.at('Items'), 'Expected an array or a JSONata expression');
}
