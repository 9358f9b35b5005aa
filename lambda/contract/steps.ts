import * as z from 'zod';
import { ObjectVersion } from './push-plan';

/** A JSON document in the work bucket: states carry pointers, never payloads. */
export const Pointer = z.object({ bucket: z.string(), key: z.string() });
export type Pointer = z.infer<typeof Pointer>;

/** What the upload of one layer cost; kept small, for the map of all layers must fit one state. */
export const LayerResult = z.object({
  /** Index into the upload plan's layers. */
  index: z.number().int().nonnegative(),
  /** Bytes handed to `UploadLayerPart`, sent again or not. */
  bytesSent: z.number().int().nonnegative(),
  restarts: z.number().int().nonnegative(),
});
export type LayerResult = z.infer<typeof LayerResult>;

export const InspectTarballInput = z.object({
  /** The execution's input, not yet trusted. */
  request: z.unknown(),
  /** Name of the execution: the folder of its documents in the work bucket. */
  execution: z.string().min(1),
});
export const InspectTarballOutput = z.object({
  execution: z.string(),
  plan: Pointer,
  images: z.array(
    z.object({
      /** Index into the plan's images. */
      image: z.number().int().nonnegative(),
      /** Indexes of the plan's plain layers that this image needs. */
      plainLayers: z.array(z.number().int()),
    }),
  ),
});
export type InspectTarballOutput = z.infer<typeof InspectTarballOutput>;

export const PrepareRepositoriesInput = z.object({ plan: Pointer });

export const StageLayerInput = z.object({
  plan: Pointer,
  /** Index into the plan's images: where the layer is sent to while it is compressed. */
  image: z.number().int().nonnegative(),
  /** Index into the plan's plain layers. */
  index: z.number().int().nonnegative(),
  /** It is not sent on the way: an upload that begins again needs its bytes in the work bucket. */
  copy: z.boolean().optional(),
});
export type StageLayerInput = z.infer<typeof StageLayerInput>;

/** One open upload in ECR. */
export const LayerUpload = z.object({
  uploadId: z.string(),
  /** Bytes of every part but the last. */
  partSize: z.number().int().positive(),
  /** First byte that ECR has not acknowledged. */
  nextByte: z.number().int().nonnegative(),
  /** Something was in the way of more than one part at once: from there on one after another. */
  oneByOne: z.boolean().optional(),
});
export type LayerUpload = z.infer<typeof LayerUpload>;

/**
 * Why the upload of a layer must begin again. `UploadNotFound`: ECR does not know it any more. `UploadAbandoned`: it
 * stands at a byte that none of our parts ends with. `DigestMismatch`: ECR computed another digest.
 */
export const LostUpload = z.enum(['UploadNotFound', 'UploadAbandoned', 'DigestMismatch']);
export type LostUpload = z.infer<typeof LostUpload>;

/**
 * A layer whose upload is to begin, to go on (`upload`), to be completed (`allSent`) or to begin again (`lost`), in
 * invocations of its own.
 */
export const MissingLayer = LayerResult.extend({
  upload: LayerUpload.optional(),
  /** The last byte was acknowledged. */
  allSent: z.boolean().optional(),
  lost: LostUpload.optional(),
  /** Where its bytes are only in the tarball, and plain: what StageLayer is to copy before they can be sent. */
  toStage: StageLayerInput.optional(),
});
export type MissingLayer = z.infer<typeof MissingLayer>;

/** Layers that share one invocation: indexes into the upload plan's layers. */
const LayerPack = z.array(z.number().int().nonnegative()).min(1);

/** Small layers that are to be uploaded, or to be completed where they were `sent` before. */
const MissingPack = z.object({
  pack: LayerPack,
  sent: z.array(LayerResult.extend({ upload: LayerUpload })).optional(),
  allSent: z.boolean().optional(),
});

const Missing = z.union([MissingPack, MissingLayer]);

/** How far the upload of a layer came: lost, open where the time ran out, or `allSent`, which is open as well. */
export const UploadAttempt = MissingLayer.omit({ index: true, restarts: true, toStage: true });
export type UploadAttempt = z.infer<typeof UploadAttempt>;

/** How far a plain layer was sent while it was compressed; `index` is that of the plan's plain layers. */
export const BegunUpload = UploadAttempt.extend({ index: z.number().int().nonnegative() });
export type BegunUpload = z.infer<typeof BegunUpload>;

export const StageLayerOutput = z.object({
  /** Index into the plan's plain layers. */
  plainLayer: z.number().int().nonnegative(),
  /** Bytes that were compressed; none where an earlier push left the layer. */
  compressed: z.number().int().nonnegative(),
  begun: BegunUpload.optional(),
  /** Its bytes in the work bucket, of a `copy` only: what all layers of an image put out must fit one state. */
  object: ObjectVersion.optional(),
});
export type StageLayerOutput = z.infer<typeof StageLayerOutput>;

export const FindMissingLayersInput = z.object({
  execution: z.string(),
  executionArn: z.string(),
  plan: Pointer,
  image: z.number().int().nonnegative(),
  /** What was sent of plain layers while they were compressed. */
  begun: z.array(BegunUpload).default([]),
  /** How often layers of this image were looked for before in this execution. */
  rounds: z.number().int().default(0),
  /** Results of the rounds before. */
  layers: z.array(LayerResult).default([]),
});
export const FindMissingLayersOutput = FindMissingLayersInput.omit({ begun: true }).extend({
  uploads: Pointer,
  /** The upload plan's layers that ECR lacks: packs of small ones, and the others. */
  missing: z.array(Missing),
  /** Those of them that are compared with their digest before anything is sent. */
  unverified: z.array(LayerPack),
  /** Whether none is completed before all are sent: their bytes are compared with their digests on the way. */
  hold: z.boolean(),
});
export type FindMissingLayersOutput = z.infer<typeof FindMissingLayersOutput>;

export const VerifyPackInput = z.object({ uploads: Pointer, pack: LayerPack });

export const UploadSmallLayersInput = MissingPack.extend({
  uploads: Pointer,
  /** They are sent, and not completed yet. */
  hold: z.boolean(),
});
export const UploadSmallLayersOutput = z.object({
  /** Those that ECR has now. */
  layers: z.array(LayerResult),
  /** Those that are held, together, and those that go on on their own. */
  left: z.array(Missing),
});
export type UploadSmallLayersOutput = z.infer<typeof UploadSmallLayersOutput>;

/** What goes round inside the UploadLayers map: one layer on its way. */
export const LayerState = MissingLayer.extend({
  uploads: Pointer,
  /** It is sent, and not completed yet. */
  hold: z.boolean(),
  /** Its bytes, where they were copied for this upload. */
  from: ObjectVersion.optional(),
  /** How often ECR computed another digest from the bytes of this layer. */
  refusals: z.number().int().nonnegative().optional(),
  /** After CompleteLayerUpload or CheckLayerAvailability: ECR says AVAILABLE. */
  available: z.boolean().optional(),
  /** After RestartLayerUpload: how long to wait before the next one begins. */
  waitSeconds: z.number().int().optional(),
});
export type LayerState = z.infer<typeof LayerState>;

export const RestartLayerUploadInput = LayerState.extend({ executionArn: z.string() });

export const PutImageInput = z.object({
  execution: z.string(),
  image: z.number().int().nonnegative(),
  uploads: Pointer,
  layers: z.array(LayerResult),
});

export const DiagnoseFailureInput = z.object({
  /** Name of the state that failed. */
  step: z.string(),
  executionArn: z.string(),
  execution: z.string(),
  request: z.unknown(),
  /** As Step Functions caught it: error name, and Lambda's JSON or plain text. */
  error: z.object({ Error: z.string(), Cause: z.string().default('') }),
});
export type DiagnoseFailureInput = z.infer<typeof DiagnoseFailureInput>;

export const DiagnoseImageInput = DiagnoseFailureInput.extend({ plan: Pointer, image: z.number().int().nonnegative() });

/** Why a push failed and what to do: the same text in workflow, failure document and command line. */
export const Diagnosis = z.object({
  code: z.string(),
  step: z.string(),
  /** What it is about: a repository, a tag, a host, a denied call; where nothing is nearer the tarball, as `s3://bucket/key`. */
  subject: z.string(),
  cause: z.string(),
  evidence: z.record(z.string(), z.string()),
  remedy: z.string(),
  retryable: z.boolean(),
  executionArn: z.string(),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** What a push moved, all images together. */
export const PushTotals = z.object({
  bytesSent: z.number(),
  bytesSkipped: z.number(),
  layersSent: z.number(),
  layersSkipped: z.number(),
  restarts: z.number(),
});
export type PushTotals = z.infer<typeof PushTotals>;

export const WriteReceiptInput = z.object({
  executionArn: z.string(),
  execution: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  plan: Pointer,
});
export const WriteReceiptOutput = PushTotals.extend({
  /** `PARTIAL`: some images are there and some are not. */
  result: z.enum(['SUCCEEDED', 'PARTIAL', 'FAILED']),
  receipt: Pointer,
  /** The images that are there. */
  images: z.array(
    z.object({ repository: z.string(), tags: z.array(z.string()), digest: z.string(), registryId: z.string() }),
  ),
  /** Unless all images are there: why, and what to do. */
  diagnosis: Diagnosis.optional(),
});
export type WriteReceiptOutput = z.infer<typeof WriteReceiptOutput>;

/** Input of StartPush: the part of an S3 `Object Created` event that is used. */
export const ObjectCreatedEvent = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      'version-id': z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});
