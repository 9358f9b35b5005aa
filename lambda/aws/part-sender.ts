import type { LayerUpload, LostUpload } from '../contract/steps';
import type { PlannedLayer } from '../contract/upload-plan';
import { type Part, partAt } from '../upload/part-plan';
import { realign } from '../upload/realign';
import { type RepositoryId, uploadPart } from './ecr-layers';
import { readRange } from './source-object';

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
  const { uploadId, partSize } = upload;
  const source = new PartSource(layer, owner, partSize);
  let { nextByte } = upload;
  let bytesSent = 0;
  let realignments = 0;
  const progress = () => ({ upload: { ...upload, nextByte }, bytesSent, allSent: nextByte >= layer.size });
  try {
    for (let part = source.partAt(nextByte); part && mayGoOn(); part = source.partAt(nextByte)) {
      const bytes = await source.read(part);
      const outcome = await uploadPart(id, uploadId, part, bytes);
      bytesSent += bytes.length * outcome.attempts;
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

/** The parts of one layer, the one after that in use read ahead: two parts in memory, whatever the layer. */
class PartSource {
  private ahead: { firstByte: number; bytes: Promise<Buffer> } | undefined;

  constructor(
    private readonly layer: PlannedLayer,
    private readonly owner: string,
    private readonly partSize: number,
  ) {}

  partAt(nextByte: number): Part | undefined {
    return partAt(nextByte, this.layer.size, this.partSize);
  }

  async read(part: Part): Promise<Buffer> {
    const bytes = await (this.ahead?.firstByte === part.firstByte ? this.ahead.bytes : this.fetch(part));
    this.close();
    const next = this.partAt(part.lastByte + 1);
    if (next) this.ahead = { firstByte: next.firstByte, bytes: this.fetch(next) };
    return bytes;
  }

  close(): void {
    // What was read ahead and is not wanted may fail without anybody to tell.
    this.ahead?.bytes.catch(() => undefined);
    this.ahead = undefined;
  }

  private fetch({ firstByte, lastByte }: Part): Promise<Buffer> {
    return readRange(this.layer.from, this.owner, this.layer.firstByte + firstByte, lastByte - firstByte + 1);
  }
}
