import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import type { PushPlan } from '../../lambda/contract/push-plan';
import type { PlannedLayer } from '../../lambda/contract/upload-plan';
import { type PackedLayers, packMissing } from '../../lambda/upload/pack-layers';
import { whenVerified } from '../../lambda/upload/when-verified';
import type { PlanLayer } from './planned-push';

/**
 * When a layer is compared with its digest, by the choice of the request: what Slipway compresses is verified then, what a
 * descriptor carries with its manifest.
 * @param inline digests of what descriptors carry
 */
export function verifiedBy({ verify: asked, blobs }: Pick<PushPlan, 'verify' | 'blobs'>, inline: ReadonlySet<string>) {
  const decompressed = new Set(asked === 'deep' ? blobs.flatMap((blob) => (blob.diffIds ? [blob.digest] : [])) : []);
  return (layer: Pick<PlanLayer, 'digest' | 'diffId' | 'size'>, isThere: boolean): PlannedLayer['verify'] => {
    const { digest = '', size } = layer;
    const isVerified = isPlain(layer) || (inline.has(digest) && !decompressed.has(digest));
    return isVerified ? 'not' : whenVerified({ asked, size, isThere });
  };
}

/** How the layers of one image that are sent share invocations; those yet to be compressed with the size that they have. */
export function packedLayers(layers: readonly PlanLayer[]): PackedLayers {
  const indexed = layers.map((layer, index) => ({
    ...layer,
    index,
    sent: layer.sentEarly ? ('all' as const) : undefined,
  }));
  return packMissing(
    indexed.filter(({ skipped }) => !skipped),
    LARGEST_PACKED_LAYER,
  );
}

/** It lies uncompressed in a docker archive. */
export function isPlain({ diffId }: Pick<PlanLayer, 'diffId'>): boolean {
  return diffId !== undefined;
}
