import { missingRepository, repositoryExists } from '../aws/ecr-repositories';
import { readDocument } from '../aws/work-bucket';
import { PushPlan } from '../contract/push-plan';
import { PrepareRepositoriesInput } from '../contract/steps';
import { step } from './wiring/step';

/** Fails before a byte moves when no image has a repository to go to; creates none, for the images may be broken yet. */
export const handler = step(PrepareRepositoriesInput, async ({ plan }, { owner }) => {
  const { images, registryId } = await readDocument(plan, owner, PushPlan);
  const repositories = new Map(images.map(({ repository, createWith }) => [repository, createWith]));
  const missing: string[] = [];
  for (const [repository, createWith] of repositories) {
    if (!createWith && !(await repositoryExists({ repository, registryId }))) missing.push(repository);
  }
  const [first] = missing;
  if (first !== undefined && missing.length === repositories.size) {
    throw missingRepository({ repository: first, registryId }, owner);
  }
  return { repositories: repositories.size, missing };
});
