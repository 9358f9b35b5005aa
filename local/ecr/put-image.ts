import { EcrError, layersNotFound, type Place, referencedImagesNotFound, within } from './errors';
import type { FoundImage } from './image-queries';
import { isFrozen } from './immutability';
import { optionalText, text } from './input';
import { type Manifest, readManifest, requiredBlobs } from './manifest';
import { type Operation, placeIn, repositoryAt } from './registry';
import type { Repository } from './repository';
import { DIGEST, IMAGE_TAG, QUOTA } from './rules';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
export const putImage: Operation<{ image: FoundImage }> = async (registry, input) => {
  const place = placeIn(registry, input);
  const manifest = text(input, 'imageManifest', { min: 1, max: QUOTA.manifest });
  const declaredType = optionalText(input, 'imageManifestMediaType');
  const tag = optionalText(input, 'imageTag', IMAGE_TAG);
  const expected = optionalText(input, 'imageDigest', DIGEST);
  const read = readManifest(manifest, declaredType);
  return registry.catalog.change(async () => {
    const repository = repositoryAt(registry, place);
    if (expected !== undefined && expected !== read.digest) throw digestDoesNotMatch(expected, place);
    checkReferences(repository, read);
    checkNew(repository, read.digest, tag);
    if (!repository.images.has(read.digest)) {
      await registry.catalog.addImage(repository, { manifest, read, pushedAt: registry.now() / 1000 });
    }
    if (tag !== undefined) await registry.catalog.setTag(repository, tag, read.digest);
    const imageId = { imageDigest: read.digest, ...(tag === undefined ? {} : { imageTag: tag }) };
    return { image: { ...place, imageId, imageManifest: manifest, imageManifestMediaType: read.mediaType } };
  });
};

function checkReferences(repository: Repository, read: Manifest): void {
  const layers = requiredBlobs(read).filter((digest) => !repository.layers.has(digest));
  if (layers.length > 0) throw layersNotFound(layers, repository);
  const children = read.children.map((child) => child.digest).filter((digest) => !repository.images.has(digest));
  if (children.length > 0) throw referencedImagesNotFound(children, repository);
}

/** Throws unless this call adds an image, or a tag to one, or moves a tag that may be moved. */
function checkNew(repository: Repository, digest: string, tag: string | undefined): void {
  if (tag === undefined) {
    if (repository.images.has(digest)) throw alreadyExists(`digest '${digest}'`, repository);
    return;
  }
  const tagged = repository.tags.get(tag);
  const { imageTagMutability, exclusionFilters } = repository.settings;
  // Also for the same digest: ECR makes no difference.
  if (tagged !== undefined && isFrozen(tag, imageTagMutability, exclusionFilters)) {
    throw new EcrError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.repositoryName}' repository and cannot be overwritten because the repository is immutable.`,
    );
  }
  if (tagged === digest) throw alreadyExists(`digest '${digest}' and tag '${tag}'`, repository);
  if (repository.tagsOf(digest).length >= QUOTA.tagsPerImage) {
    const what = `The quota of tags per image, ${QUOTA.tagsPerImage}, is exceeded in ${within(repository)}`;
    throw new EcrError('LimitExceededException', what);
  }
}

function digestDoesNotMatch(digest: string, place: Place): EcrError {
  return new EcrError(
    'ImageDigestDoesNotMatchException',
    `The image with digest '${digest}' in repository '${place.repositoryName}' and registry ID '${place.registryId}' does not match the image digest that Amazon ECR has calculated.`,
  );
}

function alreadyExists(what: string, place: Place): EcrError {
  return new EcrError(
    'ImageAlreadyExistsException',
    `Image with ${what} already exists in the repository with name '${place.repositoryName}' in registry with id '${place.registryId}'`,
  );
}
