import type { SlipwayError } from '../contract/errors';
import type { PlainLayer, PlannedBlob, PlannedManifest } from '../contract/push-plan';
import type { Reference } from './reference';

/** One image (or other artifact) of a tarball. */
export interface FoundImage {
  /** How the tarball calls it, for people. */
  readonly name: string;
  /** What the tarball names it; none where it does not. */
  readonly names: readonly Reference[];
  /** Children before parents, the root last; none of an image with a fault. */
  readonly manifests: readonly PlannedManifest[];
  /** Number of the image in the same tarball that this one refers to; it comes earlier. */
  readonly subject?: number;
  /** Why the digest in ECR is not one that the tarball names; absent where it is the same. */
  readonly changed?: string;
  /** Why the image cannot be pushed; it is set aside, and the others go on. */
  readonly fault?: SlipwayError;
}

/** Content that a descriptor carries, and no entry of the tarball holds. */
export interface InlineBlob {
  readonly digest: string;
  /** Compared with the digest already. */
  readonly data: Uint8Array;
  /** Tar entry with the descriptor. */
  readonly entry: string;
  readonly diffIds?: string[];
}

/** What a tarball holds. */
export interface FoundImages {
  readonly images: readonly FoundImage[];
  /** Distinct by digest. */
  readonly blobs: readonly PlannedBlob[];
  /** Distinct by digest. */
  readonly inlineBlobs: readonly InlineBlob[];
  /** Distinct by diffId. */
  readonly plainLayers: readonly PlainLayer[];
  /** Choices worth telling, and all that is left out. */
  readonly notes: readonly string[];
}
