import type { LayerUpload, LostUpload } from '../contract/steps';
import type { PlannedLayer } from '../contract/upload-plan';
import { realign } from '../upload/realign';
import { type RepositoryId, uploadPart } from './ecr-layers';
import { PartSource } from './part-source';

/** Most times one invocation follows ECR to another byte before it gives the upload up. */
const MAX_REALIGNMENTS = 3;

const ACCEPTED = { kind: 'stored' } as const;

export interface SendingProgress {
  readonly upload: LayerUpload;
  /** Bytes handed to ECR by this call, counting what the SDK sent twice. */
  readonly bytesSent: number;
  readonly allSent: boolean;
  /** Why the upload cannot go on. */
  readonly lost?: LostUpload;
}

/**
 * Sends parts in order from `upload.nextByte`, reading one ahead, until the last byte is acknowledged or `mayGoOn`
 * says no; stops on part boundaries only. A lost upload is an outcome; errors are those of S3 and ECR.
 */
export async function sendParts(
  layer: PlannedLayer,
  id: RepositoryId,
  owner: string,
  upload: LayerUpload,
  mayGoOn: () => boolean,
): Promise<SendingProgress> {
  const { partSize } = upload;
  const source = new PartSource(layer, owner, id, upload);
  let { nextByte } = upload;
  let bytesSent = 0;
  let realignments = 0;
  const progress = () => ({ upload: { ...upload, nextByte }, bytesSent, allSent: nextByte >= layer.size });
  try {
    for (let part = source.partAt(nextByte); part && mayGoOn(); part = source.partAt(nextByte)) {
      const ready = await source.read(part);
      const outcome = await uploadPart(id, ready).finally(ready.release);
      bytesSent += (part.lastByte - part.firstByte + 1) * outcome.attempts;
      if (outcome.kind === 'lost') return { ...progress(), lost: 'UploadNotFound' };
      const next = outcome.kind === 'accepted' ? ACCEPTED : realign(part, layer.size, partSize, outcome);
      if (next.kind === 'abandon') return { ...progress(), lost: 'UploadAbandoned' };
      if (next.kind === 'resume' && ++realignments > MAX_REALIGNMENTS)
        return { ...progress(), lost: 'UploadAbandoned' };
      nextByte = next.kind === 'resume' ? next.nextByte : part.lastByte + 1;
    }
  } finally {
    source.close();
  }
  return progress();
}
