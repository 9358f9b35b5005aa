import { BatchGetImageCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { ImmutableTag, LayersNotFound, ManifestInvalid } from '../contract/errors';
import { ecr } from './clients/ecr';
import type { RepositoryId } from './ecr-layers';
import { quota } from './ecr-quotas';
import { translateError } from './translate-error';

/** A manifest as PutImage takes it. */
export interface ImageManifest {
  readonly digest: string;
  readonly mediaType: string;
  /** The exact bytes that `digest` is of. */
  readonly body: string;
}

/**
 * Puts one manifest, tagged or not; putting it again is no error.
 * Errors: ImmutableTag, LayersNotFound, and the shared ones of AWS.
 */
export async function putImage(id: RepositoryId, manifest: ImageManifest, tag?: string): Promise<void> {
  const { digest, mediaType, body } = manifest;
  await quota('PutImage');
  try {
    await ecr.send(
      new PutImageCommand({
        repositoryName: id.repository,
        registryId: id.registryId,
        imageManifest: body,
        imageManifestMediaType: mediaType,
        imageDigest: digest,
        imageTag: tag,
      }),
    );
  } catch (error) {
    await judge(error, id, manifest, tag);
  }
}

/** Digest of the image that a tag or digest leads to, as ECR stores it; undefined where there is none. */
export async function imageDigest(
  id: RepositoryId,
  image: { imageTag?: string; imageDigest?: string },
  mediaType: string,
): Promise<{ digest: string; registryId: string } | undefined> {
  const command = new BatchGetImageCommand({
    repositoryName: id.repository,
    registryId: id.registryId,
    imageIds: [image],
    // Without the very type ECR may translate the manifest, and the digest with it.
    acceptedMediaTypes: [mediaType],
  });
  const { images = [] } = await ecr.send(command).catch((error) => {
    throw translateError(error, `ecr:BatchGetImage on repository/${id.repository}`) ?? error;
  });
  const found = images[0];
  return found?.imageId?.imageDigest
    ? { digest: found.imageId.imageDigest, registryId: found.registryId ?? id.registryId ?? '' }
    : undefined;
}

async function judge(error: unknown, id: RepositoryId, manifest: ImageManifest, tag?: string): Promise<void> {
  const { name, message } = error as Error;
  const found = `ecr:PutImage on repository/${id.repository}: ${message}`;
  switch (name) {
    case 'ImageAlreadyExistsException':
      return;
    case 'ImageTagAlreadyExistsException': {
      // Raised in an immutable repository even for the digest that the tag has already.
      const existing = tag === undefined ? undefined : await imageDigest(id, { imageTag: tag }, manifest.mediaType);
      if (existing?.digest === manifest.digest) return;
      throw new ImmutableTag(
        {
          found,
          expected: 'a free tag, or a mutable one',
          remedy: 'Push under another tag.',
          evidence: {
            repository: id.repository,
            tag: tag ?? '',
            wanted: manifest.digest,
            there: existing?.digest ?? 'unknown',
          },
        },
        { cause: error },
      );
    }
    case 'LayersNotFoundException':
    case 'ReferencedImagesNotFoundException':
      throw new LayersNotFound({ found, remedy: 'The missing layers are sent again.' }, { cause: error });
    case 'ImageDigestDoesNotMatchException':
    case 'InvalidParameterException':
      throw new ManifestInvalid(
        { found, expected: 'a manifest that ECR takes', remedy: 'Build the image again with a current tool.' },
        { cause: error },
      );
    default:
      throw translateError(error, `ecr:PutImage on repository/${id.repository}`) ?? error;
  }
}
