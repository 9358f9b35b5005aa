import { SlipwayError } from '../../lambda/contract/errors';
import type { PackedLayers } from '../../lambda/upload/pack-layers';
import { assertUploadable, USUAL_PART_SIZE } from '../../lambda/upload/part-plan';
import { assertImageFits, assertPushFits, eventsOfImage } from '../../lambda/upload/workflow-limits';
import { type Problem, problemOf } from '../problem';
import { isPlain, packedLayers } from './packed-layers';
import type { PlanImage, PlanLayer } from './planned-push';

/** Bytes and layers of all images together. */
export function totals(images: readonly PlanImage[]) {
  const layers = images.flatMap((image) => image.layers);
  const sent = layers.filter(({ skipped }) => !skipped);
  const skipped = layers.filter((layer) => layer.skipped);
  const staged = layers.filter((layer) => layer.staged);
  const sizes = (some: readonly PlanLayer[]) => some.reduce((sum, { size }) => sum + size, 0);
  return {
    bytesSent: sizes(sent),
    bytesSkipped: sizes(skipped),
    layersSent: sent.length,
    layersSkipped: skipped.length,
    layersStaged: staged.length,
    bytesStaged: sizes(staged),
  };
}

/** What Step Functions or ECR would end in the middle of the work. */
export function limitProblems(images: readonly PlanImage[], tarball: string): Problem[] {
  const sent = images.flatMap(({ layers }) => layers).filter(({ skipped }) => !skipped);
  const checks = [
    () => assertPushFits(images.map(({ layers }) => ({ plainLayers: layers.filter(isPlain) }))),
    () =>
      assertAllFit(images.map(({ layers }) => ({ plainLayers: layers.filter(isPlain), packed: packedLayers(layers) }))),
    ...sent.map(({ digest, diffId, size, entry }) => () => {
      assertUploadable({ digest: digest ?? diffId ?? '', size, entry }, USUAL_PART_SIZE);
    }),
  ];
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof SlipwayError) return [problemOf(tarball, error)];
      throw error;
    }
  });
}

function assertAllFit(images: readonly { plainLayers: readonly PlanLayer[]; packed: PackedLayers }[]): void {
  let used = 0;
  images.forEach((image, at) => {
    assertImageFits(image.packed, { used, later: images.slice(at + 1) });
    used += eventsOfImage(image, image.packed);
  });
}
