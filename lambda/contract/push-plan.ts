import * as z from 'zod';
import { RepositorySettings } from './create-repositories';
import { LayerCompression, Verify } from './push-request';

const Digest = z.string().regex(/^sha256:[a-f0-9]{64}$/);

/** A checksum that S3 keeps with an object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const ObjectChecksum = z.object({
  algorithm: z.enum(['SHA256', 'SHA1', 'CRC64NVME', 'CRC32C', 'CRC32']),
  /** `COMPOSITE` is one of the checksums of the parts it was uploaded in. */
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
  /** Base64, as S3 has it. */
  value: z.string(),
});
export type ObjectChecksum = z.infer<typeof ObjectChecksum>;

/** One version of one S3 object: every read names it, so a tarball replaced in mid-run cannot mix. */
export const ObjectVersion = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().optional(),
  etag: z.string(),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Of the tarball, where S3 keeps one. */
  checksum: ObjectChecksum.optional(),
});
export type ObjectVersion = z.infer<typeof ObjectVersion>;

/** Bytes that are known by their digest and can be sent as they lie. */
export const PlannedBlob = z.object({
  digest: Digest,
  /** Bytes. */
  size: z.number().int().positive(),
  /** Tar entry that holds the bytes, for messages. */
  entry: z.string(),
  /** Absolute offset of the first byte in the tarball, or in `from`. */
  firstByte: z.number().int().nonnegative(),
  /** The object that holds the bytes, where it is not the tarball: content that a descriptor carried as `data`. */
  from: ObjectVersion.optional(),
  /** What configs call the uncompressed content, distinct; more than one where they contradict each other. */
  diffIds: z.array(Digest).min(1).optional(),
});
export type PlannedBlob = z.infer<typeof PlannedBlob>;

/** An uncompressed layer of a docker archive: compressed into the work bucket before it is sent. */
export const PlainLayer = z.object({
  diffId: Digest,
  size: z.number().int().positive(),
  entry: z.string(),
  firstByte: z.number().int().nonnegative(),
});
export type PlainLayer = z.infer<typeof PlainLayer>;

/** A manifest or index whose bytes lie in the tarball and are pushed byte for byte. */
export const VerbatimManifest = z.object({
  kind: z.literal('verbatim'),
  digest: Digest,
  mediaType: z.string(),
  size: z.number().int().positive(),
  entry: z.string(),
  firstByte: z.number().int().nonnegative(),
  /** Digests of the config and layers it needs in the repository; foreign layers are not among them. */
  blobs: z.array(Digest),
  /** Digests of the manifests that must be in the repository before it. */
  children: z.array(Digest),
});
export type VerbatimManifest = z.infer<typeof VerbatimManifest>;

/**
 * A manifest that does not lie in the tarball as such: an index that is written again without the children that the
 * tarball lacks, or one that a descriptor carries as `data`.
 */
export const WrittenManifest = z.object({
  kind: z.literal('written'),
  digest: Digest,
  mediaType: z.string(),
  /** Its exact bytes, as text. */
  body: z.string(),
  /** Tar entry that it is made from, for messages. */
  entry: z.string(),
  blobs: z.array(Digest),
  children: z.array(Digest),
});
export type WrittenManifest = z.infer<typeof WrittenManifest>;

/** A layer that is served from URLs of its own and is named, not sent. */
export const ForeignLayer = z.object({
  digest: Digest,
  mediaType: z.string(),
  size: z.number().int().nonnegative(),
  urls: z.array(z.string()).min(1),
});
export type ForeignLayer = z.infer<typeof ForeignLayer>;

/** A manifest that the tarball does not have: written for a docker archive from its config and layers. */
export const AssembledManifest = z.object({
  kind: z.literal('assembled'),
  /** Digest of the config, one of the plan's blobs. */
  config: Digest,
  /** Lowest layer first: a foreign one, a blob that is sent as it lies, or a plain layer that is staged. */
  layers: z.array(
    z.union([ForeignLayer, z.object({ digest: Digest, mediaType: z.string() }), z.object({ diffId: Digest })]),
  ),
});
export type AssembledManifest = z.infer<typeof AssembledManifest>;

export const PlannedManifest = z.discriminatedUnion('kind', [VerbatimManifest, WrittenManifest, AssembledManifest]);
export type PlannedManifest = z.infer<typeof PlannedManifest>;

export const PlannedImage = z.object({
  /** How the tarball calls it, for people. */
  name: z.string(),
  repository: z.string(),
  /** What the repository is created with where it is missing; absent where this push does not create it. */
  createWith: RepositorySettings.optional(),
  tags: z.array(z.string()),
  /** Children before parents; the root, which alone is tagged, is last. */
  manifests: z.array(PlannedManifest).min(1),
  /** Why the digest in ECR is not one that the tarball names; absent where it is the same. */
  changed: z.string().optional(),
});
export type PlannedImage = z.infer<typeof PlannedImage>;

/** An image that was set aside when the tarball was inspected. */
export const UnpushableImage = z.object({
  name: z.string(),
  /** Empty where nothing names it. */
  repository: z.string(),
  tags: z.array(z.string()),
  /** Name and message of the error. */
  code: z.string(),
  message: z.string(),
});
export type UnpushableImage = z.infer<typeof UnpushableImage>;

/** What InspectTarball found and decided: `plan.json` in the work bucket. */
export const PushPlan = z.object({
  /** The plain tar that all bytes are read from. */
  source: ObjectVersion,
  /** The object that was dropped, where it is compressed as a whole and `source` is what it was unpacked to. */
  dropped: ObjectVersion.optional(),
  registryId: z.string().optional(),
  /** Tags move only while the dropped version is the newest of its key. */
  onlyNewest: z.boolean(),
  verify: Verify,
  /** What plain layers are compressed with. */
  compression: LayerCompression,
  images: z.array(PlannedImage).min(1),
  failedImages: z.array(UnpushableImage),
  /** Distinct by digest. */
  blobs: z.array(PlannedBlob),
  /** Distinct by diffId. */
  plainLayers: z.array(PlainLayer),
  /** Choices worth telling: which of two descriptions was taken and why, what was left out. */
  notes: z.array(z.string()),
});
export type PushPlan = z.infer<typeof PushPlan>;
