import type { LayerUpload, LostUpload } from '../contract/steps';
import type { PlannedLayer } from '../contract/upload-plan';
import { assertUploadable } from '../upload/part-plan';
import { completeUpload, initiateUpload, type RepositoryId } from './ecr-layers';
import { sendParts } from './part-sender';

/** How far the upload of a layer came: lost, still open where the time ran out, or neither, which is completed. */
export interface UploadAttempt {
  /** Bytes handed to ECR. */
  readonly bytesSent: number;
  readonly upload?: LayerUpload;
  readonly lost?: LostUpload;
}

/** Uploads one layer from its first byte to its last, as far as `mayGoOn` says. Errors are those of S3 and ECR. */
export async function uploadLayer(
  layer: PlannedLayer,
  id: RepositoryId,
  owner: string,
  mayGoOn: () => boolean,
): Promise<UploadAttempt> {
  if (!mayGoOn()) return { bytesSent: 0 };
  const begun = await initiateUpload(id);
  assertUploadable(layer, begun.partSize);
  const { upload, bytesSent, allSent, lost } = await sendParts(layer, id, owner, begun, { mayGoOn });
  if (lost) return { bytesSent, lost };
  if (!allSent) return { bytesSent, upload };
  const outcome = await completeUpload(id, upload.uploadId, layer.digest);
  // Completed, and not there all the same: only a fresh upload can mend that.
  return { bytesSent, lost: outcome === 'completed' ? 'UploadNotFound' : outcome };
}
