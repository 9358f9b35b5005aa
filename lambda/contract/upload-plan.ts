import * as z from 'zod';
import { RepositorySettings } from './create-repositories';
import { ObjectVersion } from './push-plan';
import { LayerCompression } from './push-request';
import { StageLayerInput } from './steps';

/** One layer or config that one repository must hold, and where its bytes are. */
export const PlannedLayer = z.object({
  repository: z.string(),
  digest: z.string(),
  /** Bytes. */
  size: z.number().int().positive(),
  /** Tar entry the bytes come from, for messages. */
  entry: z.string(),
  /** The tarball, or the staged layer in the work bucket. */
  from: ObjectVersion.optional(),
  /** In place of `from`, of a layer that went to ECR alone: what StageLayer takes to copy it, should it be sent again. */
  toStage: StageLayerInput.optional(),
  firstByte: z.number().int().nonnegative(),
  /**
   * When the bytes are compared with the digest: `first`, before anything is sent; `sending`, on their way; `not`, for
   * they were already, or ECR alone is to do it.
   */
  verify: z.enum(['first', 'sending', 'not']),
  /** Of a layer that was compressed for this: what it was. */
  diffId: z.string().optional(),
  /** With `verify: "deep"`: what the uncompressed content must be. */
  diffIds: z.array(z.string()).min(1).optional(),
});
export type PlannedLayer = z.infer<typeof PlannedLayer>;

/** A layer whose bytes can be read as they are sent. */
export type ReadableLayer = PlannedLayer & { readonly from: ObjectVersion };

/** A manifest ready for PutImage: `body` where Slipway wrote it, else the bytes at `firstByte` of the tarball. */
export const ReadyManifest = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  body: z.string().optional(),
  firstByte: z.number().int().optional(),
});
export type ReadyManifest = z.infer<typeof ReadyManifest>;

export const ReadyImage = z.object({
  name: z.string(),
  repository: z.string(),
  tags: z.array(z.string()),
  /** Digest of the root manifest. */
  digest: z.string(),
  changed: z.string().optional(),
  /** Children before parents, the root last. */
  manifests: z.array(ReadyManifest).min(1),
});
export type ReadyImage = z.infer<typeof ReadyImage>;

/** What FindMissingLayers decided for one image, with every digest known: `uploads-<image>.json` in the work bucket. */
export const UploadPlan = z.object({
  source: ObjectVersion,
  /** The version of the dropped object that must be the newest of its key when a tag moves. */
  newest: ObjectVersion.optional(),
  registryId: z.string().optional(),
  /** What the repository is created with where it is missing; absent where this push does not create it. */
  createWith: RepositorySettings.optional(),
  image: ReadyImage,
  /** Distinct by digest. */
  layers: z.array(PlannedLayer),
});
export type UploadPlan = z.infer<typeof UploadPlan>;

/** The outcome of compressing one plain layer, kept beside it in the work bucket. */
export const StagedLayer = z.object({
  diffId: z.string(),
  compression: LayerCompression,
  digest: z.string(),
  size: z.number().int().positive(),
  /** Absent where its bytes went to ECR alone. */
  object: ObjectVersion.optional(),
});
export type StagedLayer = z.infer<typeof StagedLayer>;
