import type { FindMissingLayersOutput, UploadAttempt } from '../contract/steps';
import type { PlannedLayer } from '../contract/upload-plan';
import type { PackableLayer, PackedLayers } from './pack-layers';

/** How much of a layer is sent, as its packing needs to know. */
export function sentOf(attempt: UploadAttempt | undefined): PackableLayer['sent'] {
  return attempt && (attempt.allSent ? 'all' : 'some');
}

/**
 * The items of the UploadLayers map: those on their own, each from where it stands, then the packs.
 * @param earlier what was sent before, by the index into the upload plan's layers
 * @param layers those of the upload plan
 */
export function missingItems(
  { alone, packs }: PackedLayers,
  earlier: ReadonlyMap<number, UploadAttempt>,
  layers: readonly Pick<PlannedLayer, 'toStage'>[],
): FindMissingLayersOutput['missing'] {
  return [
    ...alone.map((index) => ({
      bytesSent: 0,
      ...earlier.get(index),
      index,
      restarts: 0,
      toStage: layers[index]?.toStage,
    })),
    ...packs.map((pack) => {
      const sent = pack.flatMap((index) => {
        const { upload, bytesSent = 0 } = earlier.get(index) ?? {};
        return upload ? [{ index, bytesSent, restarts: 0, upload }] : [];
      });
      return { pack, ...(sent.length > 0 && { sent }), ...(sent.length === pack.length && { allSent: true }) };
    }),
  ];
}
