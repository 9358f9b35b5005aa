import type { UploadAttempt } from '../contract/steps';
import type { ReadableLayer } from '../contract/upload-plan';
import { assertUploadable } from '../upload/part-plan';
import { completeUpload, initiateUpload, type RepositoryId } from './ecr-layers';
import { sendParts } from './part-sender';

/**
 * Sends one layer from its first byte to its last, as far as `mayGoOn` says. Errors are those of S3 and ECR, and
 * DigestMismatch where the layer is compared with its digest on the way.
 */
export async function sendLayer(
  layer: ReadableLayer,
  id: RepositoryId,
  owner: string,
  mayGoOn: () => boolean,
): Promise<UploadAttempt> {
  if (!mayGoOn()) return { bytesSent: 0 };
  const begun = await initiateUpload(id);
  assertUploadable(layer, begun.partSize);
  const { upload, bytesSent, allSent, lost } = await sendParts(layer, id, owner, begun, { mayGoOn });
  return lost ? { bytesSent, lost } : { bytesSent, upload, allSent };
}

/** Completes what is all sent; whether the layer is there is for ECR to say afterwards. */
export async function completeSent<Attempt extends UploadAttempt & { readonly digest: string }>(
  attempt: Attempt,
  id: RepositoryId,
): Promise<Attempt> {
  if (!attempt.allSent || !attempt.upload) return attempt;
  const outcome = await completeUpload(id, attempt.upload.uploadId, attempt.digest);
  // Completed, and not there all the same: only a fresh upload can mend that.
  const lost = outcome === 'completed' ? ('UploadNotFound' as const) : outcome;
  return { ...attempt, upload: undefined, allSent: undefined, lost };
}
