import { createRepository, missingRepository, repositoryExists } from '../aws/ecr-repositories';
import { readDocument } from '../aws/work-bucket';
import { CreateRepositories } from '../contract/create-repositories';
import { PushPlan } from '../contract/push-plan';
import { PrepareRepositoriesInput } from '../contract/steps';
import { matchesPattern } from '../image/repository-pattern';
import { step, variable } from './wiring/step';

/** Every destination exists, or is created where that is allowed: before a byte moves. */
export const handler = step(PrepareRepositoriesInput, async ({ plan }, { owner }) => {
  const { images, registryId } = await readDocument(plan, owner, PushPlan);
  const creation = CreateRepositories.parse(JSON.parse(variable('SLIPWAY_CREATE_REPOSITORIES')));
  const repositories = [...new Set(images.map(({ repository }) => repository))];
  for (const repository of repositories) {
    const id = { repository, registryId };
    if (await repositoryExists(id)) continue;
    const ownRegistry = registryId === undefined || registryId === owner;
    const mayCreate = creation.repositories.some((pattern) => matchesPattern(pattern, repository));
    if (!ownRegistry || !mayCreate) throw missingRepository(id, owner);
    await createRepository(repository, creation.immutableTags);
  }
  return { repositories: repositories.length };
});
