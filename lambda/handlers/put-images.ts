import { type ImageManifest, imageDigest, putImage } from '../aws/ecr-images';
import type { RepositoryId } from '../aws/ecr-layers';
import { readRange } from '../aws/source-object';
import { readDocument } from '../aws/work-bucket';
import { DigestMismatch } from '../contract/errors';
import { PutImagesInput } from '../contract/steps';
import { type ReadyImage, type ReadyManifest, UploadPlan } from '../contract/upload-plan';
import { step } from './wiring/step';

/**
 * Puts children, then indexes, tags last; then reads each image back and compares its digest. Asks before each put: ECR
 * takes few puts a second and many questions, so a step that was throttled goes on where it stood.
 */
export const handler = step(PutImagesInput, async ({ uploads }, { owner }) => {
  const plan = await readDocument(uploads, owner, UploadPlan);
  const withBody = async (manifest: ReadyManifest): Promise<ImageManifest> => {
    const { digest, mediaType, size, body, firstByte = 0 } = manifest;
    return { digest, mediaType, body: body ?? (await readRange(plan.source, owner, firstByte, size)).toString('utf8') };
  };
  for (const image of plan.images) await putUntagged(image, plan.registryId, withBody);
  for (const image of plan.images) await tagAndReadBack(image, plan.registryId, withBody);
  return { images: plan.images.length };
});

type WithBody = (manifest: ReadyManifest) => Promise<ImageManifest>;

async function putUntagged(image: ReadyImage, registryId: string | undefined, withBody: WithBody): Promise<void> {
  const id = { repository: image.repository, registryId };
  for (const manifest of image.manifests) {
    if (!(await isStored(id, manifest, { imageDigest: manifest.digest }))) await putImage(id, await withBody(manifest));
  }
}

async function tagAndReadBack(image: ReadyImage, registryId: string | undefined, withBody: WithBody): Promise<void> {
  const id = { repository: image.repository, registryId };
  const root = image.manifests.at(-1);
  if (!root) return;
  for (const tag of image.tags) {
    if (!(await isStored(id, root, { imageTag: tag }))) await putImage(id, await withBody(root), tag);
  }
  for (const tag of image.tags) await readBack(id, root, { imageTag: tag });
  await readBack(id, root, { imageDigest: root.digest });
}

interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

async function isStored(id: RepositoryId, { digest, mediaType }: ReadyManifest, image: ImageId): Promise<boolean> {
  return (await imageDigest(id, image, mediaType))?.digest === digest;
}

async function readBack(id: RepositoryId, root: ReadyManifest, image: ImageId): Promise<void> {
  const stored = await imageDigest(id, image, root.mediaType);
  if (stored?.digest === root.digest) return;
  throw new DigestMismatch({
    found: `${id.repository}:${image.imageTag ?? image.imageDigest} is ${stored?.digest ?? 'not there'} after PutImage`,
    expected: root.digest,
    remedy: 'Look for somebody else who pushes to the same tag, then drop the tarball again.',
  });
}
