import { type Fields, matches, optionalText } from './input';
import type { Image, Repository } from './repository';
import { DIGEST, IMAGE_TAG } from './rules';

/** How callers name an image. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html */
export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

/** Why an image id leads to no image. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html */
export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

/** Reads one image id; its form is judged by {@link findImage}, since a bad one fails alone. */
export function readImageId(fields: Fields): ImageId {
  const imageDigest = optionalText(fields, 'imageDigest');
  const imageTag = optionalText(fields, 'imageTag');
  return { ...(imageDigest === undefined ? {} : { imageDigest }), ...(imageTag === undefined ? {} : { imageTag }) };
}

/** The image that an id names, or what is wrong with the id. */
export function findImage(repository: Repository, id: ImageId): Image | ImageFailure {
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined) {
    return failure(id, 'MissingDigestAndTag', 'Invalid request parameters: both tag and digest cannot be null');
  }
  if (imageDigest !== undefined && !matches(DIGEST.pattern ?? '', imageDigest)) {
    return failure(id, 'InvalidImageDigest', 'Invalid request parameters: image digest should satisfy the regex');
  }
  if (imageTag !== undefined && (imageTag.length > 300 || !matches(IMAGE_TAG.pattern ?? '', imageTag))) {
    return failure(id, 'InvalidImageTag', 'Invalid request parameters: image tag should satisfy the regex');
  }
  const tagged = imageTag === undefined ? imageDigest : repository.tags.get(imageTag);
  const image = tagged === undefined ? undefined : repository.images.get(tagged);
  if (image === undefined) return failure(id, 'ImageNotFound', 'Requested image not found');
  if (imageDigest !== undefined && imageDigest !== tagged) {
    return failure(id, 'ImageTagDoesNotMatchDigest', 'Requested tag does not name the image with that digest');
  }
  return image;
}

/** Tells a failure from an image. */
export function isFailure(found: Image | ImageFailure): found is ImageFailure {
  return 'failureCode' in found;
}

/** An id that fails, with its reason. */
export function failure(imageId: ImageId, failureCode: string, failureReason: string): ImageFailure {
  return { imageId, failureCode, failureReason };
}
