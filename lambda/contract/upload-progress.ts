import * as z from 'zod';
import { LayerUpload } from './steps';

/**
 * How far the upload of one layer is, left every few seconds by the invocation that sends its parts: `progress/<digest>.json`
 * in the work bucket. It is about this upload alone; one that began again has another `uploadId`.
 */
export const UploadProgress = LayerUpload.pick({ uploadId: true, nextByte: true });
export type UploadProgress = z.infer<typeof UploadProgress>;

/** How much of one plain layer is compressed, left as often by StageLayer: `progress/<diffId>.json`. */
export const CompressionProgress = z.object({
  /** Bytes of the plain layer. */
  compressed: z.number().int().nonnegative(),
});
export type CompressionProgress = z.infer<typeof CompressionProgress>;
