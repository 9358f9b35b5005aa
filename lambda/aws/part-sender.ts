import type { LayerUpload, LostUpload } from '../contract/steps';
import type { ReadableLayer } from '../contract/upload-plan';
import { realign } from '../upload/realign';
import type { RepositoryId } from './ecr-layers';
import { PartsUnderWay } from './parts-under-way';

/** Most times one invocation follows ECR to another byte before it gives the upload up. */
const MAX_REALIGNMENTS = 3;

const ACCEPTED = { kind: 'stored' } as const;

export interface SendingProgress {
  readonly upload: LayerUpload;
  /** Bytes handed to ECR by this call, counting what was sent twice, and a part in whole once it was begun. */
  readonly bytesSent: number;
  readonly allSent: boolean;
  /** Why the upload cannot go on. */
  readonly lost?: LostUpload;
}

export interface Sending {
  /** Whether there is time for one more part. */
  readonly mayGoOn: () => boolean;
  /** Parts on the wire at once, all but the first behind a gate; one alone after the first objection. @default 1 */
  readonly inFlight?: number;
  /** Told of the first byte that ECR has not acknowledged, whenever it is another one and not the end. */
  readonly onAcknowledged?: (nextByte: number) => void;
}

/**
 * Sends parts in order from `upload.nextByte`, reading one ahead, until the last byte is acknowledged or `mayGoOn`
 * says no; stops on part boundaries only. A lost upload is an outcome; errors are those of S3 and ECR, and DigestMismatch
 * where the layer is compared with its digest on the way.
 */
export async function sendParts(
  layer: ReadableLayer,
  id: RepositoryId,
  owner: string,
  upload: LayerUpload,
  { mayGoOn, inFlight = 1, onAcknowledged }: Sending,
): Promise<SendingProgress> {
  const { partSize, nextByte } = upload;
  const parts = new PartsUnderWay({ layer, owner, id, upload }, upload.oneByOne ? 1 : inFlight);
  let realignments = 0;
  let acknowledged = nextByte;
  const progress = async (lost?: LostUpload) => {
    const allSent = acknowledged >= layer.size;
    if (allSent) await parts.verify();
    await parts.close();
    const oneByOne = parts.objected ? { oneByOne: true } : {};
    const end = { upload: { ...upload, nextByte: acknowledged, ...oneByOne }, bytesSent: parts.bytesSent };
    return { ...end, allSent, ...(lost === undefined ? {} : { lost }) };
  };
  try {
    for (;;) {
      const settled = await parts.next(acknowledged, mayGoOn);
      if (!settled) return await progress();
      const { part, outcome } = settled;
      if (outcome.kind === 'lost') return await progress('UploadNotFound');
      const next = outcome.kind === 'accepted' ? ACCEPTED : realign(part, layer.size, partSize, outcome);
      if (next.kind === 'abandon') return await progress('UploadAbandoned');
      if (next.kind === 'resume' && ++realignments > MAX_REALIGNMENTS) return await progress('UploadAbandoned');
      acknowledged = next.kind === 'resume' ? next.nextByte : part.lastByte + 1;
      if (acknowledged < layer.size) onAcknowledged?.(acknowledged);
    }
  } finally {
    await parts.close();
  }
}
