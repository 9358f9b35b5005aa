import type { Catalog } from './catalog';
import { failure, findImage, type ImageFailure, type ImageId, isFailure, readImageId } from './image-ids';
import { structures } from './input';
import { type Operation, placeIn, repositoryAt } from './registry';
import type { Image, Repository } from './repository';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html */
export const batchDeleteImage: Operation = async (registry, input) => {
  const place = placeIn(registry, input);
  const ids = structures(input, 'imageIds', { min: 1, max: 100 }).map(readImageId);
  return registry.catalog.change(async () => {
    const repository = repositoryAt(registry, place);
    const imageIds: ImageId[] = [];
    const failures: ImageFailure[] = [];
    for (const id of ids) {
      const outcome = await deleteOne(registry.catalog, repository, id);
      if (Array.isArray(outcome)) imageIds.push(...outcome);
      else failures.push(outcome);
    }
    return { imageIds, failures };
  });
};

/** A tag takes away that tag, and the image with its last one; a digest takes away the image with all its tags. */
async function deleteOne(catalog: Catalog, repository: Repository, id: ImageId): Promise<ImageId[] | ImageFailure> {
  const image = findImage(repository, id);
  if (isFailure(image)) return image;
  const imageDigest = image.read.digest;
  const tags = repository.tagsOf(imageDigest);
  if (id.imageTag !== undefined && tags.length > 1) {
    await catalog.removeTag(repository, id.imageTag);
    return [{ imageDigest, imageTag: id.imageTag }];
  }
  if (isChild(repository, image)) {
    return failure(id, 'ImageReferencedByManifestList', 'Requested image referenced by manifest list');
  }
  await catalog.removeImage(repository, image);
  return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
}

function isChild(repository: Repository, image: Image): boolean {
  return [...repository.images.values()].some(({ read }) =>
    read.children.some((child) => child.digest === image.read.digest),
  );
}
