import * as z from 'zod';
import { repositoryNames } from '../../aws/ecr-repositories';
import { Drop } from '../../contract/drop';
import { matchesPattern } from '../../contract/repository-pattern';
import type { DiagnoseFailureInput } from '../../contract/steps';
import { diagnose, type Gathered } from '../../upload/diagnosis';
import { variable } from './step';

/** Finds out what the diagnosis of a failure wants to know beside the error; whatever cannot be had is left out. */
export async function gatherEvidence(failure: DiagnoseFailureInput): Promise<Gathered> {
  const { code } = diagnose(failure);
  return code === 'RepositoryNotFound' ? { repositories: await repositoriesOfDrops() } : {};
}

// What no drop can be pushed to is nobody's business here.
async function repositoriesOfDrops(): Promise<string[]> {
  const drops = z.array(Drop).parse(JSON.parse(variable('SLIPWAY_DROPS')));
  const patterns = drops.flatMap(({ repositories }) => repositories);
  return (await repositoryNames()).filter((name) => patterns.some((pattern) => matchesPattern(pattern, name)));
}
