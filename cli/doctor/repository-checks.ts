import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { settingsIn } from '../../lambda/image/drop-policy';
import type { Aws } from '../aws';
import type { Deployed } from '../deployed';
import { accountOf, isOwnRegistry, viewRepository } from '../plan/registry-view';
import { bad, type Check, ok, probe } from './check';

/** Digest and upload that no registry has. */
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;
const NO_UPLOAD = '00000000-0000-4000-8000-000000000000';

/**
 * One repository: whether it is there or would be created, and each permission that a push needs, shown by a call that
 * changes nothing: an upload that is begun and not gone on with expires.
 */
export async function repositoryChecks(
  aws: Aws,
  deployed: Deployed,
  repositoryName: string,
  registryId?: string,
): Promise<Check[]> {
  const { ecr } = aws;
  const names = { repositoryName, ...(registryId === undefined ? {} : { registryId }) };
  const there: { isThere?: boolean; check?: Check } = {};
  const repository = await probe('repository', 'ecr:DescribeRepositories', async () => {
    const creating = creatingPushes(deployed, repositoryName, registryId);
    const of = { repository: repositoryName, registryId, mayCreate: creating !== undefined };
    const view = await viewRepository(aws, deployed, of);
    there.isThere = view.isThere;
    const [problem] = view.problems;
    if (problem) there.check = bad('repository', problem.code, problem.cause, problem.remedy);
    else if (view.isCreated) there.check = ok('repository', `${repositoryName} is missing, and ${creating} creates it`);
    else there.check = ok('repository', `${repositoryName} in registry ${registryId ?? accountOf(deployed)}`);
  });
  const first = repository.result === 'ok' ? (there.check ?? repository) : repository;
  if (!there.isThere) return [first];
  const upload = { ...names, uploadId: NO_UPLOAD };
  const part = { ...upload, partFirstByte: 0, partLastByte: 0, layerPartBlob: Buffer.from('x') };
  const UNKNOWN = ['UploadNotFoundException'];
  const INVALID = ['InvalidParameterException', 'ImageDigestDoesNotMatchException', 'LayersNotFoundException'];
  const calls: readonly (readonly [string, () => Promise<unknown>, readonly string[]])[] = [
    [
      'BatchCheckLayerAvailability',
      () => ecr.send(new BatchCheckLayerAvailabilityCommand({ ...names, layerDigests: [NO_DIGEST] })),
      [],
    ],
    ['InitiateLayerUpload', () => ecr.send(new InitiateLayerUploadCommand(names)), []],
    ['UploadLayerPart', () => ecr.send(new UploadLayerPartCommand(part)), UNKNOWN],
    [
      'CompleteLayerUpload',
      () => ecr.send(new CompleteLayerUploadCommand({ ...upload, layerDigests: [NO_DIGEST] })),
      UNKNOWN,
    ],
    ['PutImage', () => ecr.send(new PutImageCommand({ ...names, imageManifest: '{}' })), INVALID],
    [
      'BatchGetImage',
      () => ecr.send(new BatchGetImageCommand({ ...names, imageIds: [{ imageDigest: NO_DIGEST }] })),
      [],
    ],
  ];
  const checks: Check[] = [first];
  for (const [operation, call, expected] of calls) {
    checks.push(await probe('permission', `ecr:${operation}`, call, expected));
  }
  return checks;
}

/** Which pushes create a repository, in words; undefined where none does. */
function creatingPushes({ drops = [], ...deployed }: Deployed, repository: string, registryId?: string) {
  const creating = isOwnRegistry(registryId, deployed) ? drops.filter((drop) => settingsIn(drop, repository)) : [];
  if (creating.length === 0) return undefined;
  const all = creating.length === drops.length;
  return all ? 'a push' : `a push of the drop ${creating.map(({ prefix }) => `"${prefix}"`).join(' or ')}`;
}
