import type { BegunUpload, FindMissingLayersOutput } from '../contract/steps';
import type { PackableLayer, PackedLayers } from './pack-layers';

/** What a layer was sent of before, without the index of the plain layer. */
export type EarlierUpload = Omit<BegunUpload, 'index'>;

/** How much of a layer is sent, as its packing needs to know. */
export function sentOf(upload: EarlierUpload | undefined): PackableLayer['sent'] {
  return upload && (upload.allSent ? 'all' : 'some');
}

/**
 * The items of the UploadLayers map: those on their own, each from where it stands, then the packs.
 * @param uploads by the index into the upload plan's layers
 */
export function missingItems(
  { alone, packs }: PackedLayers,
  uploads: ReadonlyMap<number, EarlierUpload>,
): FindMissingLayersOutput['missing'] {
  return [
    ...alone.map((index) => ({ bytesSent: 0, ...uploads.get(index), index, restarts: 0 })),
    ...packs.map((pack) => {
      const sent = pack.flatMap((index) => {
        const { upload, bytesSent = 0 } = uploads.get(index) ?? {};
        return upload ? [{ index, bytesSent, restarts: 0, upload }] : [];
      });
      return { pack, ...(sent.length > 0 && { sent }), ...(sent.length === pack.length && { allSent: true }) };
    }),
  ];
}
