import type { TextRule } from './input';

const MIB = 1024 * 1024;

/** Account id, in every operation. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html */
export const REGISTRY_ID: TextRule = { pattern: '[0-9]{12}' };

/** Repository name, in every operation. */
export const REPOSITORY_NAME: TextRule = {
  min: 2,
  max: 256,
  pattern: '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*',
};

/** Shape of an upload id; version bits are not looked at. */
export const UPLOAD_ID: TextRule = {
  pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
};

/** Digest of a layer or an image, any algorithm. */
export const DIGEST: TextRule = { pattern: '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+' };

/** Image tag. */
export const IMAGE_TAG: TextRule = { min: 1, max: 300, pattern: '[a-zA-Z0-9-_.]+' };

/** Filter of tags that a repository's mutability setting does not hold for. */
export const EXCLUSION_FILTER: TextRule = { min: 1, max: 128, pattern: '[0-9a-zA-Z._*-]{1,128}' };

/** Quotas that cannot be raised. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const QUOTA = {
  /** Bytes that the API model allows in one part. */
  partBlob: 20 * MIB,
  /** Bytes that the quota allows in one part. */
  part: 10 * MIB,
  /** Bytes that every part but the last must have. */
  innerPart: 5 * MIB,
  partsPerUpload: 4200,
  /** Bytes of one layer. */
  layer: 52_000 * MIB,
  layersPerImage: 500,
  /** Characters. */
  manifest: 4 * MIB,
  tagsPerImage: 1000,
  tagsPerResource: 50,
} as const;

/** Tells whether a string is a whole sha256 digest, the only kind that layers and images are kept under. */
export function isSha256(digest: string): boolean {
  return /^sha256:[a-f0-9]{64}$/.test(digest);
}
