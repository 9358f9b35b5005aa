import { missingRepository, repositoryExists } from '../aws/ecr-repositories';
import { readDocument } from '../aws/work-bucket';
import { PushPlan } from '../contract/push-plan';
import { PrepareRepositoriesInput } from '../contract/steps';
import { isCreatable } from './wiring/creatable';
import { step } from './wiring/step';

/** Fails before a byte moves when no image has a repository to go to; creates none, for the images may be broken yet. */
export const handler = step(PrepareRepositoriesInput, async ({ plan }, { owner }) => {
  const { images, registryId } = await readDocument(plan, owner, PushPlan);
  const repositories = [...new Set(images.map(({ repository }) => repository))];
  const missing: string[] = [];
  for (const repository of repositories) {
    const id = { repository, registryId };
    if (!isCreatable(id, owner) && !(await repositoryExists(id))) missing.push(repository);
  }
  const [first] = missing;
  if (first !== undefined && missing.length === repositories.length) {
    throw missingRepository({ repository: first, registryId }, owner);
  }
  return { repositories: repositories.length, missing };
});
