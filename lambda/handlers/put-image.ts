import { type ImageManifest, imageDigest, putImage } from '../aws/ecr-images';
import type { RepositoryId } from '../aws/ecr-layers';
import { assertNewest, readRange } from '../aws/source-object';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { LayersNotFound, Superseded } from '../contract/errors';
import type { ObjectVersion } from '../contract/push-plan';
import { PutImageInput } from '../contract/steps';
import { type ReadyImage, type ReadyManifest, UploadPlan } from '../contract/upload-plan';
import { pushedImage } from '../upload/image-outcome';
import { imageOutcomePointer } from './wiring/image-outcomes';
import { step } from './wiring/step';

/**
 * Puts one image: children, then indexes, the root with its first tag last, then the other tags; reads it back and
 * compares its digest. Asks before each put: ECR takes few puts a second and many questions, so a step that was
 * throttled goes on where it stood.
 */
export const handler = step(PutImageInput, async (input, { owner, workBucket }) => {
  const plan = await readDocument(input.uploads, owner, UploadPlan);
  const id = { repository: plan.image.repository, registryId: plan.registryId };
  const put = async (manifest: ReadyManifest, tag?: string) => {
    const image = tag === undefined ? { imageDigest: manifest.digest } : { imageTag: tag };
    if (await isStored(id, manifest, image)) return;
    const whole = await withBody(manifest, plan.source, owner);
    // As late as can be: from here on the tag moves.
    if (tag !== undefined && plan.newest) await assertNewest(plan.newest, owner);
    await putImage(id, whole, tag);
  };
  const { manifests, tags } = plan.image;
  for (const manifest of manifests.slice(0, -1)) await put(manifest);
  const root = manifests.at(-1);
  if (root) {
    // One put gives the root and its first tag.
    if (tags.length === 0) await put(root);
    for (const tag of tags) await put(root, tag);
    await readBack(id, root, plan.image);
  }
  const outcome = pushedImage(plan, input.layers, { owner, putAt: new Date().toISOString() });
  await writeDocument(imageOutcomePointer(input, workBucket), owner, outcome);
  return { image: input.image, pushed: true };
});

async function withBody(manifest: ReadyManifest, source: ObjectVersion, owner: string): Promise<ImageManifest> {
  const { digest, mediaType, size, body, firstByte = 0 } = manifest;
  return { digest, mediaType, body: body ?? (await readRange(source, owner, firstByte, size)).toString('utf8') };
}

interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

async function isStored(id: RepositoryId, { digest, mediaType }: ReadyManifest, image: ImageId): Promise<boolean> {
  return (await imageDigest(id, image, mediaType))?.digest === digest;
}

async function readBack(id: RepositoryId, root: ReadyManifest, { tags }: ReadyImage): Promise<void> {
  const images: ImageId[] = [...tags.map((imageTag) => ({ imageTag })), { imageDigest: root.digest }];
  for (const image of images) {
    const stored = await imageDigest(id, image, root.mediaType);
    if (stored?.digest === root.digest) continue;
    const name = `${id.repository}:${image.imageTag ?? image.imageDigest}`;
    throw stored ? overtaken(name, stored.digest, root.digest) : vanished(name);
  }
}

function overtaken(name: string, found: string, expected: string): Superseded {
  return new Superseded({
    found: `${name} is ${found} right after PutImage`,
    expected,
    remedy: 'Look for somebody else who pushes to the same tag, then drop the tarball again.',
  });
}

function vanished(name: string): LayersNotFound {
  return new LayersNotFound({
    found: `${name} is not there right after PutImage`,
    expected: 'an image that stays in the repository',
    remedy: 'Look for something that deletes from this repository while it is pushed to.',
  });
}
