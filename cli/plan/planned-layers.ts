import type { PlainLayer, PlannedImage, PushPlan } from '../../lambda/contract/push-plan';
import type { StagedLayer } from '../../lambda/contract/upload-plan';
import { assembleManifest } from '../../lambda/image/assemble-manifest';
import type { PlanLayer } from './planned-push';

type Sent = Pick<PlanLayer, 'digest' | 'diffId' | 'size' | 'entry' | 'staged'>;

/** What one image needs in its repository: distinct, in the order of its manifests, configs before layers. */
export function layersNeeded(
  image: PlannedImage,
  { blobs, plainLayers }: Pick<PushPlan, 'blobs' | 'plainLayers'>,
  staged: ReadonlyMap<string, StagedLayer>,
): Sent[] {
  const asItLies = (digest: string): Sent[] => {
    const blob = blobs.find((one) => one.digest === digest);
    return blob ? [{ digest, size: blob.size, entry: blob.entry, staged: false }] : [];
  };
  const plain = (diffId: string): Sent[] => {
    const layer = plainLayers.find((one) => one.diffId === diffId);
    const before = staged.get(diffId);
    if (!layer) return [];
    if (before) return [{ digest: before.digest, diffId, size: before.size, entry: layer.entry, staged: false }];
    return [yetToCompress(layer)];
  };
  const all = image.manifests.flatMap((manifest): Sent[] => {
    if (manifest.kind !== 'assembled') return manifest.blobs.flatMap(asItLies);
    const sent = manifest.layers.filter((layer) => !('urls' in layer));
    const layers = sent.flatMap((layer) => ('diffId' in layer ? plain(layer.diffId) : asItLies(layer.digest)));
    return [...asItLies(manifest.config), ...layers];
  });
  return [...new Map(all.map((layer) => [layer.digest ?? layer.diffId, layer])).values()];
}

/** A layer that ECR lacks; it is compressed again where an earlier push sent it to ECR alone. */
export function asCompressed(
  layer: Sent,
  { plainLayers }: Pick<PushPlan, 'plainLayers'>,
  staged: ReadonlyMap<string, StagedLayer>,
): Sent {
  const plain = plainLayers.find(({ diffId }) => diffId === layer.diffId);
  return plain && !staged.get(plain.diffId)?.object ? yetToCompress(plain) : layer;
}

function yetToCompress({ diffId, size, entry }: PlainLayer): Sent {
  return { diffId, size, entry, staged: true };
}

/** Digest that the root manifest has, or will have; undefined while a layer is yet to be compressed. */
export function rootDigest(
  image: PlannedImage,
  blobs: PushPlan['blobs'],
  staged: ReadonlyMap<string, StagedLayer>,
): string | undefined {
  const root = image.manifests.at(-1);
  if (root?.kind !== 'assembled') return root?.digest;
  const isKnown = root.layers.every((layer) => !('diffId' in layer) || staged.has(layer.diffId));
  return isKnown ? assembleManifest(root, new Map(blobs.map((blob) => [blob.digest, blob])), staged).digest : undefined;
}
