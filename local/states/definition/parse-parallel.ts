import { DefinitionReader, INPUT_ONLY } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { ParallelState, StateBase } from './machine';
import { type DefinitionScope, parseFlow } from './parse-flow';
import { parseCatch, parseRetry } from './parse-recovery';

/** Reads a Parallel and all its branches. */
export function parseParallel(base: StateBase, reader: DefinitionReader, scope: DefinitionScope): ParallelState {
  const branches = reader.list('Branches').map((value, index) => {
    const branch = new DefinitionReader(value, `${reader.at('Branches')}[${index}]`);
    branch.only(['StartAt', 'States', 'Comment']);
    return parseFlow(branch, scope);
  });
  if (branches.length === 0) throw invalidAt(reader.at('Branches'), 'At least one branch is required');
  return {
    ...base,
    type: 'Parallel',
    branches,
    retry: parseRetry(reader),
    catch: parseCatch(reader),
    ...given({ arguments: reader.template('Arguments', INPUT_ONLY) }),
  };
}
