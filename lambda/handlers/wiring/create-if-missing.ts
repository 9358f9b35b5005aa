import type { RepositoryId } from '../../aws/ecr-layers';
import { createRepository, repositoryExists } from '../../aws/ecr-repositories';
import type { RepositorySettings } from '../../contract/create-repositories';

/** Creates the repository if it is missing and this push creates it: in its own registry, as the plan says. */
export async function createIfMissing(id: RepositoryId, createWith: RepositorySettings | undefined): Promise<void> {
  if (!createWith || (await repositoryExists(id))) return;
  await createRepository(id.repository, createWith);
}
