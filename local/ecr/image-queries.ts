import { EcrError, type Place, within } from './errors';
import { findImage, type ImageFailure, type ImageId, isFailure, readImageId } from './image-ids';
import { type Fields, optionalChoice, optionalStructure, optionalStructures, optionalTexts, structures } from './input';
import { blobsOf } from './manifest';
import { page, pageRequest, refusePaging } from './paging';
import { type Operation, placeIn, repositoryAt } from './registry';
import type { Image, Repository } from './repository';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Image.html */
export interface FoundImage extends Place {
  readonly imageId: ImageId & { readonly imageDigest: string };
  readonly imageManifest: string;
  readonly imageManifestMediaType: string;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
export const batchGetImage: Operation<{ images: FoundImage[]; failures: ImageFailure[] }> = async (registry, input) => {
  const place = placeIn(registry, input);
  const ids = structures(input, 'imageIds', { min: 1, max: 100 }).map(readImageId);
  // Read for its limits only: manifests are never translated here, as ECR never does for a digest.
  optionalTexts(input, 'acceptedMediaTypes', { min: 1, max: 100 });
  const repository = repositoryAt(registry, place);
  const found = ids.map((id) => ({ id, image: findImage(repository, id) }));
  const images = found.flatMap(({ id, image }) => {
    if (isFailure(image)) return [];
    const imageId = { ...id, imageDigest: image.read.digest };
    return [{ ...place, imageId, imageManifest: image.manifest, imageManifestMediaType: image.read.mediaType }];
  });
  return { images, failures: found.flatMap(({ image }) => (isFailure(image) ? [image] : [])) };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html */
export const describeImages: Operation = async (registry, input) => {
  const place = placeIn(registry, input);
  const ids = optionalStructures(input, 'imageIds', { min: 1, max: 100 })?.map(readImageId);
  const request = pageRequest(input);
  const passes = readFilter(input);
  if (ids !== undefined) refusePaging(input, 'imageIds');
  const repository = repositoryAt(registry, place);
  if (ids !== undefined) {
    const named = new Set(ids.map((id) => findOrThrow(repository, id)));
    return { imageDetails: [...named].map((image) => detail(repository, image)) };
  }
  const listed = [...repository.images.values()].filter((image) => passes(repository.tagsOf(image.read.digest)));
  const { items, ...next } = page(listed, request);
  return { imageDetails: items.map((image) => detail(repository, image)), ...next };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html */
export const listImages: Operation = async (registry, input) => {
  const place = placeIn(registry, input);
  const request = pageRequest(input);
  const passes = readFilter(input);
  const repository = repositoryAt(registry, place);
  const ids = [...repository.images.keys()].flatMap((imageDigest): ImageId[] => {
    const tags = repository.tagsOf(imageDigest);
    if (!passes(tags)) return [];
    return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
  });
  const { items, ...next } = page(ids, request);
  return { imageIds: items, ...next };
};

function readFilter(input: Fields): (tags: readonly string[]) => boolean {
  const filter = optionalStructure(input, 'filter') ?? {};
  const tagStatus = optionalChoice(filter, 'tagStatus', ['TAGGED', 'UNTAGGED', 'ANY']) ?? 'ANY';
  const status = optionalChoice(filter, 'imageStatus', ['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY']) ?? 'ACTIVE';
  // Nothing is ever archived here.
  if (status === 'ARCHIVED' || status === 'ACTIVATING') return () => false;
  return (tags) => tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0;
}

function findOrThrow(repository: Repository, id: ImageId): Image {
  const image = findImage(repository, id);
  if (!isFailure(image)) return image;
  const quoted = (value: string | undefined) => `'${value ?? 'null'}'`;
  const named = `{imageDigest:${quoted(id.imageDigest)}, imageTag:${quoted(id.imageTag)}}`;
  throw new EcrError(
    'ImageNotFoundException',
    `The image with imageId ${named} does not exist within ${within(repository)}`,
  );
}

function detail(repository: Repository, image: Image): object {
  const { read, pushedAt } = image;
  const tags = repository.tagsOf(read.digest);
  return {
    registryId: repository.registryId,
    repositoryName: repository.repositoryName,
    imageDigest: read.digest,
    ...(tags.length === 0 ? {} : { imageTags: tags }),
    imageSizeInBytes: sizeOf(repository, image),
    imagePushedAt: pushedAt,
    imageManifestMediaType: read.mediaType,
    ...(read.artifactType === undefined ? {} : { artifactMediaType: read.artifactType }),
    ...(read.subject === undefined ? {} : { subjectManifestDigest: read.subject }),
    imageStatus: 'ACTIVE',
  };
}

/** Bytes of config and layers; for an index that of its largest manifest. */
function sizeOf(repository: Repository, { read }: Image): number {
  const own = blobsOf(read).reduce((sum, blob) => sum + (repository.layers.get(blob.digest)?.size ?? 0), 0);
  const children = read.children.flatMap((child) => repository.images.get(child.digest) ?? []);
  return Math.max(own, ...children.map((child) => sizeOf(repository, child)));
}
