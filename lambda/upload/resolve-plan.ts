import { Internal } from '../contract/errors';
import type { PlannedBlob, PlannedImage, PushPlan } from '../contract/push-plan';
import type { StageLayerInput } from '../contract/steps';
import type { PlannedLayer, ReadyImage, ReadyManifest, StagedLayer, UploadPlan } from '../contract/upload-plan';
import { assembleManifest } from '../image/assemble-manifest';
import { whenVerified } from './when-verified';

/**
 * The upload plan of one image: staged layers have digests now, so every manifest can be written.
 * @param at where the plan lies, and which of its images this is
 * @param isThere its repository is there already
 */
export function resolvePlan(
  plan: PushPlan,
  image: PlannedImage,
  staged: ReadonlyMap<string, StagedLayer>,
  at: Pick<StageLayerInput, 'plan' | 'image'>,
  isThere: boolean,
): UploadPlan {
  const blobs = new Map(plan.blobs.map((blob) => [blob.digest, blob]));
  const layers = layersOf(image, plan, blobs, staged, at, isThere);
  return {
    source: plan.source,
    ...(plan.onlyNewest ? { newest: plan.dropped ?? plan.source } : {}),
    ...(plan.registryId === undefined ? {} : { registryId: plan.registryId }),
    ...(image.createWith === undefined ? {} : { createWith: image.createWith }),
    image: readyImage(image, blobs, staged),
    layers: [...new Map(layers.map((layer) => [layer.digest, layer])).values()],
  };
}

/** Indexes of the plan's plain layers that an image needs. */
export function plainLayersOf(plan: PushPlan, image: PlannedImage): number[] {
  const assembled = image.manifests.flatMap((manifest) => (manifest.kind === 'assembled' ? manifest.layers : []));
  const needed = new Set(assembled.flatMap((layer) => ('diffId' in layer ? [layer.diffId] : [])));
  return plan.plainLayers.flatMap(({ diffId }, index) => (needed.has(diffId) ? [index] : []));
}

/** The repositories that images with this plain layer go to, distinct. */
export function repositoriesOf(plan: PushPlan, diffId: string): string[] {
  const having = plan.images.filter((image) =>
    plainLayersOf(plan, image).some((at) => plan.plainLayers[at]?.diffId === diffId),
  );
  return [...new Set(having.map(({ repository }) => repository))];
}

/** For each image its plain layers and the number of blobs and layers that it needs, shared ones counted for each. */
export function loadsOf(plan: PushPlan): { plainLayers: number[]; layers: number }[] {
  return plan.images.map((image) => {
    const needed = image.manifests.map((one) => (one.kind === 'assembled' ? one.layers.length + 1 : one.blobs.length));
    return { plainLayers: plainLayersOf(plan, image), layers: needed.reduce((sum, count) => sum + count, 0) };
  });
}

function layersOf(
  image: PlannedImage,
  plan: PushPlan,
  blobs: ReadonlyMap<string, PlannedBlob>,
  staged: ReadonlyMap<string, StagedLayer>,
  { plan: pointer, image: at }: Pick<StageLayerInput, 'plan' | 'image'>,
  isThere: boolean,
): PlannedLayer[] {
  const { repository } = image;
  const asItLies = (digest: string): PlannedLayer => {
    const { size, entry, firstByte, from, diffIds } = known(blobs, digest);
    const content = plan.verify === 'deep' && diffIds ? { diffIds } : {};
    // What came from a descriptor was compared with its digest when the manifest was read.
    const isVerified = from !== undefined && !content.diffIds;
    const verify = isVerified ? 'not' : whenVerified({ asked: plan.verify, size, isThere });
    return { repository, digest, size, entry, firstByte, from: from ?? plan.source, verify, ...content };
  };
  const compressed = (diffId: string): PlannedLayer => {
    const { digest, size, object } = known(staged, diffId);
    const index = plan.plainLayers.findIndex((layer) => layer.diffId === diffId);
    const { entry = diffId } = plan.plainLayers[index] ?? {};
    const bytes = object ? { from: object } : { toStage: { plan: pointer, image: at, index, copy: true } };
    return { repository, digest, size, entry, firstByte: 0, ...bytes, verify: 'not' as const, diffId };
  };
  return image.manifests.flatMap((manifest) => {
    if (manifest.kind !== 'assembled') return manifest.blobs.map(asItLies);
    const sent = manifest.layers.filter((layer) => !('urls' in layer));
    const layers = sent.map((layer) => ('diffId' in layer ? compressed(layer.diffId) : asItLies(layer.digest)));
    return [asItLies(manifest.config), ...layers];
  });
}

function readyImage(
  image: PlannedImage,
  blobs: ReadonlyMap<string, PlannedBlob>,
  staged: ReadonlyMap<string, StagedLayer>,
): ReadyImage {
  const manifests = image.manifests.map((manifest): ReadyManifest => {
    if (manifest.kind === 'verbatim') {
      const { digest, mediaType, size, firstByte } = manifest;
      return { digest, mediaType, size, firstByte };
    }
    const { digest, mediaType, body } =
      manifest.kind === 'written' ? manifest : assembleManifest(manifest, blobs, staged);
    return { digest, mediaType, body, size: Buffer.byteLength(body) };
  });
  const digest = manifests.at(-1)?.digest ?? '';
  const { name, repository, tags, changed } = image;
  return { name, repository, tags, digest, manifests, ...(changed === undefined ? {} : { changed }) };
}

function known<T>(of: ReadonlyMap<string, T>, digest: string): T {
  const found = of.get(digest);
  if (found) return found;
  throw new Internal({ found: `the plan names ${digest} and does not hold it`, remedy: 'Report this as a bug.' });
}
