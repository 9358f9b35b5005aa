import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  InitiateLayerUploadCommand,
} from '@aws-sdk/client-ecr';
import type { LayerUpload, LostUpload } from '../contract/steps';
import type { Part } from '../upload/part-plan';
import type { PartRefusal } from '../upload/realign';
import { ecr } from './clients/ecr';
import { quota } from './ecr-quotas';
import type { Gate } from './gate';
import type { PartHead } from './part-body';
import { sendWrittenPart, type WrittenPart } from './part-request';
import { translateError } from './translate-error';

/** A repository in a registry; without `registryId` the caller's own registry. */
export interface RepositoryId {
  readonly repository: string;
  readonly registryId?: string | undefined;
}

const DIGESTS_PER_CALL = 100;

/** Those of the digests that ECR holds as AVAILABLE in this repository. */
export async function availableLayers(id: RepositoryId, digests: readonly string[]): Promise<Set<string>> {
  const available = new Set<string>();
  for (let at = 0; at < digests.length; at += DIGESTS_PER_CALL) {
    const layerDigests = digests.slice(at, at + DIGESTS_PER_CALL);
    const { layers = [] } = await ecr
      .send(new BatchCheckLayerAvailabilityCommand({ ...names(id), layerDigests }))
      .catch(rethrow('BatchCheckLayerAvailability', id));
    for (const { layerAvailability, layerDigest } of layers) {
      if (layerAvailability === 'AVAILABLE' && layerDigest) available.add(layerDigest);
    }
  }
  return available;
}

/** Begins an upload at byte 0. */
export async function initiateUpload(id: RepositoryId): Promise<LayerUpload> {
  await quota('InitiateLayerUpload');
  const { uploadId, partSize } = await ecr
    .send(new InitiateLayerUploadCommand(names(id)))
    .catch(rethrow('InitiateLayerUpload', id));
  if (!uploadId || !partSize) throw new Error('InitiateLayerUpload answered without uploadId or partSize');
  return { uploadId, partSize, nextByte: 0 };
}

/** What became of a part; `attempts` counts how often the SDK sent it. */
export type PartOutcome =
  | { readonly kind: 'accepted'; readonly attempts: number }
  | { readonly kind: 'lost'; readonly attempts: number }
  | ({ readonly kind: 'refused'; readonly attempts: number } & PartRefusal);

/** What an UploadLayerPart says beside its bytes. */
export function partHead(id: RepositoryId, uploadId: string, { firstByte, lastByte }: Part): PartHead {
  return { ...names(id), uploadId, partFirstByte: firstByte, partLastByte: lastByte };
}

/** Sends one part; its bytes must stay as they are until the promise has settled. */
export async function uploadPart(id: RepositoryId, part: WrittenPart, gate?: Gate): Promise<PartOutcome> {
  const { partLastByte } = part.head;
  await quota('UploadLayerPart');
  try {
    const { $metadata, lastByteReceived } = await sendWrittenPart(part, gate);
    const attempts = $metadata.attempts ?? 1;
    if (lastByteReceived === partLastByte) return { kind: 'accepted', attempts };
    return { kind: 'refused', attempts, lastValidByteReceived: lastByteReceived, message: 'part taken in part' };
  } catch (error) {
    const { name, message, lastValidByteReceived, $metadata } = error as RefusedPart;
    const attempts = $metadata?.attempts ?? 1;
    if (name === 'UploadNotFoundException') return { kind: 'lost', attempts };
    if (name !== 'InvalidLayerPartException') return rethrow('UploadLayerPart', id)(error);
    return { kind: 'refused', attempts, lastValidByteReceived, message };
  }
}

/**
 * Ends an upload. LayerAlreadyExists counts as completed: ECR says it after it has compared the digest. A part that
 * ECR finds too small, or an upload without parts, counts as a lost upload: only a fresh one can mend it.
 */
export async function completeUpload(
  id: RepositoryId,
  uploadId: string,
  digest: string,
): Promise<LostUpload | 'completed'> {
  await quota('CompleteLayerUpload');
  try {
    await ecr.send(new CompleteLayerUploadCommand({ ...names(id), uploadId, layerDigests: [digest] }));
    return 'completed';
  } catch (error) {
    switch ((error as Error).name) {
      case 'LayerAlreadyExistsException':
        return 'completed';
      case 'UploadNotFoundException':
      case 'LayerPartTooSmallException':
      case 'EmptyUploadException':
        return 'UploadNotFound';
      case 'InvalidLayerException':
        return 'DigestMismatch';
      default:
        return rethrow('CompleteLayerUpload', id)(error);
    }
  }
}

interface RefusedPart {
  readonly name: string;
  readonly message: string;
  readonly lastValidByteReceived?: number;
  readonly $metadata?: { readonly attempts?: number };
}

function names({ repository, registryId }: RepositoryId): { repositoryName: string; registryId: string | undefined } {
  return { repositoryName: repository, registryId };
}

/** A rejection handler that throws the Slipway error for what `operation` met. */
function rethrow(operation: string, { repository }: RepositoryId): (error: unknown) => never {
  return (error) => {
    throw translateError(error, `ecr:${operation} on repository/${repository}`) ?? error;
  };
}
