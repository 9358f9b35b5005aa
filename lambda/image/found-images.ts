import type { PlainLayer, PlannedBlob, PlannedManifest } from '../contract/push-plan';
import type { Reference } from './reference';

/** One image (or other artifact) of a tarball. */
export interface FoundImage {
  /** How the tarball calls it, for people. */
  readonly name: string;
  /** What the tarball names it; none where it does not. */
  readonly names: readonly Reference[];
  /** Children before parents, the root last. */
  readonly manifests: readonly PlannedManifest[];
  /** Number of the image in the same tarball that this one refers to; it comes earlier. */
  readonly subject?: number;
  /** Why the digest in ECR is not one that the tarball names; absent where it is the same. */
  readonly changed?: string;
}

/** What a tarball holds. */
export interface FoundImages {
  readonly images: readonly FoundImage[];
  /** Distinct by digest. */
  readonly blobs: readonly PlannedBlob[];
  /** Distinct by diffId. */
  readonly plainLayers: readonly PlainLayer[];
  /** Choices worth telling. */
  readonly notes: readonly string[];
}
