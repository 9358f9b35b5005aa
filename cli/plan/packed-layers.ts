import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import type { PushPlan } from '../../lambda/contract/push-plan';
import { type PackedLayers, packMissing } from '../../lambda/upload/pack-layers';
import type { PlanLayer } from './planned-push';

/** Whether nobody reads a layer and compares it with its digest before it is sent. */
export type IsVerified = (layer: PlanLayer) => boolean;

/** By the choice of the request; what Slipway compresses is verified then, what a descriptor carries with its manifest. */
export function verifiedBy(
  { verify, blobs }: Pick<PushPlan, 'verify' | 'blobs'>,
  inline: ReadonlySet<string>,
): IsVerified {
  const decompressed = new Set(verify === 'deep' ? blobs.flatMap((blob) => (blob.diffIds ? [blob.digest] : [])) : []);
  return (layer) => {
    const { digest = '' } = layer;
    return verify === 'by-ecr' || isPlain(layer) || (inline.has(digest) && !decompressed.has(digest));
  };
}

/** How the layers of one image that are sent share invocations; those yet to be compressed with the size that they have. */
export function packedLayers(layers: readonly PlanLayer[], isVerified: IsVerified): PackedLayers {
  const indexed = layers.map((layer, index) => ({ ...layer, index, verified: isVerified(layer) }));
  return packMissing(
    indexed.filter(({ skipped }) => !skipped),
    LARGEST_PACKED_LAYER,
  );
}

/** It lies uncompressed in a docker archive. */
export function isPlain({ diffId }: PlanLayer): boolean {
  return diffId !== undefined;
}
