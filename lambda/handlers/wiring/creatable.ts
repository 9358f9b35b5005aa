import type { RepositoryId } from '../../aws/ecr-layers';
import { createRepository, repositoryExists } from '../../aws/ecr-repositories';
import { CreateRepositories } from '../../contract/create-repositories';
import { matchesPattern } from '../../image/repository-pattern';
import { variable } from './step';

/** Whether a push may create this repository: in its own registry only, and where the deployment allows the name. */
export function isCreatable({ repository, registryId }: RepositoryId, owner: string): boolean {
  const { repositories } = creation();
  const ownRegistry = registryId === undefined || registryId === owner;
  return ownRegistry && repositories.some((pattern) => matchesPattern(pattern, repository));
}

/** Creates the repository if it is missing and may be created. */
export async function createIfMissing(id: RepositoryId, owner: string): Promise<void> {
  if (!isCreatable(id, owner) || (await repositoryExists(id))) return;
  await createRepository(id.repository, creation());
}

function creation(): CreateRepositories {
  return CreateRepositories.parse(JSON.parse(variable('SLIPWAY_CREATE_REPOSITORIES')));
}
