import { CreateRepositoryCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import type { RepositorySettings } from '../contract/create-repositories';
import { RepositoryNotFound, WrongRegistry } from '../contract/errors';
import { ecr } from './clients/ecr';
import type { RepositoryId } from './ecr-layers';
import { translateError } from './translate-error';

const MOST_LISTED = 10_000;

/** Whether the repository exists. Errors: the shared ones of AWS. */
export async function repositoryExists({ repository, registryId }: RepositoryId): Promise<boolean> {
  try {
    await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository], registryId }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'RepositoryNotFoundException') return false;
    throw translateError(error, `ecr:DescribeRepositories on repository/${repository}`) ?? error;
  }
}

/** Creates a repository in the caller's own registry; one that exists by now is no error. */
export async function createRepository(repository: string, settings: RepositorySettings): Promise<void> {
  const { immutableTags, scanOnPush, kmsKey, tags } = settings;
  const command = new CreateRepositoryCommand({
    repositoryName: repository,
    imageTagMutability: immutableTags ? 'IMMUTABLE' : 'MUTABLE',
    ...(scanOnPush ? { imageScanningConfiguration: { scanOnPush } } : {}),
    ...(kmsKey === undefined ? {} : { encryptionConfiguration: { encryptionType: 'KMS', kmsKey } }),
    ...(Object.keys(tags).length === 0 ? {} : { tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
  });
  await ecr.send(command).catch((error: Error) => {
    if (error.name === 'RepositoryAlreadyExistsException') return;
    throw translateError(error, `ecr:CreateRepository on repository/${repository}`) ?? error;
  });
}

/** Names of the repositories of the own registry, at most 10,000; none where they cannot be listed. */
export async function repositoryNames(): Promise<string[]> {
  const names: string[] = [];
  try {
    let nextToken: string | undefined;
    do {
      const page = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 1000, nextToken }));
      names.push(...(page.repositories ?? []).map(({ repositoryName = '' }) => repositoryName));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && names.length < MOST_LISTED);
  } catch {
    // They are wanted for a hint alone, and what they are wanted for has a cause of its own.
  }
  return names;
}

/** The error for a repository that is not there and may not be created. */
export function missingRepository(
  { repository, registryId }: RepositoryId,
  ownAccount: string,
): RepositoryNotFound | WrongRegistry {
  if (registryId !== undefined && registryId !== ownAccount) {
    return new WrongRegistry({
      found: `registry ${registryId} has no repository ${repository} for account ${ownAccount}`,
      expected: 'the id of the account that owns the repository, in this region',
      remedy: `Correct registryId, or leave it out to push to ${ownAccount}.`,
      evidence: { repository, registry: registryId, account: ownAccount },
    });
  }
  return new RepositoryNotFound({
    found: `repository ${repository} does not exist in registry ${ownAccount}`,
    expected: 'a repository of this name, or a drop that creates it',
    remedy: `Create it (aws ecr create-repository --repository-name ${repository}), give its drop createRepositories, or correct the name.`,
    evidence: { repository, registry: ownAccount },
  });
}
