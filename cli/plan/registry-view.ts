import { BatchCheckLayerAvailabilityCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import type { Problem } from '../problem';

/** What can be known of a repository before a push. */
export interface RepositoryView {
  readonly isThere: boolean;
  /** It is missing, and a push creates it. */
  readonly isCreated: boolean;
  readonly problems: readonly Problem[];
  /** Those of the digests that it has. */
  available(digests: readonly string[]): Promise<{ available: ReadonlySet<string>; problems: readonly Problem[] }>;
}

const DIGESTS_PER_CALL = 100;

/** Account that a Slipway is deployed in. */
export function accountOf({ stateMachineArn }: Pick<Deployed, 'stateMachineArn'>): string {
  return stateMachineArn.split(':')[4] ?? '';
}

/** Whether a registry, where one is asked for, is that of the deployment's own account. */
export function isOwnRegistry(registryId: string | undefined, deployed: Deployed): boolean {
  return registryId === undefined || registryId === accountOf(deployed);
}

/**
 * Asks whether a repository is there; one that is missing is a problem unless it is created. What is denied becomes a
 * problem, other errors are thrown.
 */
export async function viewRepository(
  { ecr }: Pick<Aws, 'ecr'>,
  deployed: Deployed,
  { repository, registryId, mayCreate }: { repository: string; registryId: string | undefined; mayCreate: boolean },
): Promise<RepositoryView> {
  const names = { repositoryName: repository, ...(registryId === undefined ? {} : { registryId }) };
  try {
    await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [repository], ...(registryId ? { registryId } : {}) }),
    );
    return {
      isThere: true,
      isCreated: false,
      problems: [],
      available: (digests) => available({ ecr }, names, digests),
    };
  } catch (error) {
    const none = async () => ({ available: new Set<string>(), problems: [] });
    const denied = deniedProblem(error, 'ecr:DescribeRepositories', repository);
    if (denied) return { isThere: false, isCreated: false, problems: [denied], available: none };
    if ((error as Error).name !== 'RepositoryNotFoundException') throw error;
    const isOwn = isOwnRegistry(registryId, deployed);
    const problems = mayCreate ? [] : [missing(repository, isOwn, registryId ?? accountOf(deployed))];
    return { isThere: false, isCreated: mayCreate, problems, available: none };
  }
}

/** The problem of a call that AWS denied; undefined for other errors. */
function deniedProblem(error: unknown, action: string, repository: string): Problem | undefined {
  const { name, message } = error as Error;
  if (!/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(name)) return undefined;
  return {
    code: 'PermissionDenied',
    subject: repository,
    cause: `${action} is denied to your credentials: ${message}`,
    remedy: `Allow ${action} on repository/${repository} in the identity policy, and for another account in the repository policy.`,
  };
}

async function available(
  { ecr }: Pick<Aws, 'ecr'>,
  names: { repositoryName: string; registryId?: string },
  digests: readonly string[],
) {
  const found = new Set<string>();
  try {
    for (let at = 0; at < digests.length; at += DIGESTS_PER_CALL) {
      const layerDigests = digests.slice(at, at + DIGESTS_PER_CALL);
      const { layers = [] } = await ecr.send(new BatchCheckLayerAvailabilityCommand({ ...names, layerDigests }));
      for (const { layerAvailability, layerDigest } of layers) {
        if (layerAvailability === 'AVAILABLE' && layerDigest) found.add(layerDigest);
      }
    }
    return { available: found, problems: [] };
  } catch (error) {
    const denied = deniedProblem(error, 'ecr:BatchCheckLayerAvailability', names.repositoryName);
    if (!denied) throw error;
    return { available: found, problems: [denied] };
  }
}

function missing(repository: string, isOwn: boolean, registry: string): Problem {
  return {
    code: isOwn ? 'RepositoryNotFound' : 'WrongRegistry',
    subject: repository,
    cause: `repository ${repository} does not exist in registry ${registry}`,
    expected: isOwn ? 'a repository of this name, or a drop that creates it' : 'the account that owns it',
    remedy: isOwn
      ? `Create it (aws ecr create-repository --repository-name ${repository}), give its drop createRepositories, or correct the name.`
      : 'Correct --registry-id, or leave it out to push to the account of the deployment.',
  };
}
