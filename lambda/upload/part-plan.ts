import { EmptyBlob, LimitExceeded } from '../contract/errors';

/** Inclusive byte range of one part within its layer. */
export interface Part {
  readonly firstByte: number;
  readonly lastByte: number;
}

/** Most parts of one upload, a fixed quota: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const MAX_PARTS = 4200;

/** Part size in every answer of InitiateLayerUpload on record, in bytes; the answer itself is what counts. */
export const USUAL_PART_SIZE = 10 * 1024 * 1024;

/** The part that begins at `nextByte`, or undefined after the last one. All but the last have `partSize` bytes. */
export function partAt(nextByte: number, size: number, partSize: number): Part | undefined {
  if (nextByte >= size) return undefined;
  return { firstByte: nextByte, lastByte: Math.min(nextByte + partSize, size) - 1 };
}

/** Throws before anything is sent what ECR would refuse after everything was: EmptyBlob, LimitExceeded. */
export function assertUploadable(layer: { digest: string; size: number; entry: string }, partSize: number): void {
  if (layer.size === 0) {
    throw new EmptyBlob({
      found: `${layer.digest} has no bytes, and ECR stores no empty blobs`,
      entry: layer.entry,
      remedy: 'Build the image with a tool that writes `{}` for an empty config instead of nothing.',
    });
  }
  const most = MAX_PARTS * partSize;
  if (layer.size > most) {
    throw new LimitExceeded({
      found: `${layer.digest} has ${layer.size} bytes`,
      entry: layer.entry,
      expected: `at most ${most} bytes, which are ${MAX_PARTS} parts of ${partSize} bytes`,
      remedy: 'Split the layer: ECR takes no larger one through its API.',
    });
  }
}
