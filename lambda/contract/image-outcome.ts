import * as z from 'zod';
import { Diagnosis } from './steps';

/** An image that is in the registry, and what it took to get it there. */
export const PushedImage = z.object({
  outcome: z.literal('pushed'),
  /** How the tarball calls it. */
  name: z.string(),
  repository: z.string(),
  registryId: z.string(),
  tags: z.array(z.string()),
  digest: z.string(),
  /** When its last tag was there and read back; ISO 8601, UTC. */
  putAt: z.string(),
  /** Why the digest is not one that the tarball names. */
  changed: z.string().optional(),
  manifests: z.array(z.object({ digest: z.string(), mediaType: z.string(), size: z.number() })),
  layers: z.array(
    z.object({
      digest: z.string(),
      /** Digest of the plain layer in the tarball, where it was compressed for this. */
      diffId: z.string().optional(),
      size: z.number(),
      entry: z.string(),
      /** 0 where ECR had the layer already. */
      bytesSent: z.number(),
      restarts: z.number(),
      skipped: z.boolean(),
    }),
  ),
});
export type PushedImage = z.infer<typeof PushedImage>;

/** An image that is not in the registry, and why. */
export const FailedImage = z.object({
  outcome: z.literal('failed'),
  name: z.string(),
  /** Empty where nothing names it. */
  repository: z.string(),
  tags: z.array(z.string()),
  diagnosis: Diagnosis,
});
export type FailedImage = z.infer<typeof FailedImage>;

/** What became of one image: `image-<n>.json` in the work bucket. */
export const ImageOutcome = z.discriminatedUnion('outcome', [PushedImage, FailedImage]);
export type ImageOutcome = z.infer<typeof ImageOutcome>;
