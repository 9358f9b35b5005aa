import type { Fields } from './input';
import { placeIn, type Registry } from './registry';
import type { Upload } from './upload';

/** What can happen to the upload that a call names, beside what the call does. */
export interface UploadFaults {
  /** ECR does not know it any more. */
  forget(): void;
  /** It stands where it stood before its newest part; as it was where it has none. */
  loseNewestPart(): Promise<void>;
  /** The first bytes of the part in the call become part of it. */
  takeFirst(bytes: number): Promise<void>;
}

/** The faults of the upload in `input`; nothing happens where it names none that is open. */
export function uploadFaults(registry: Registry, input: Fields): UploadFaults {
  const uploadId = typeof input.uploadId === 'string' ? input.uploadId : '';
  const onUpload = (work: (upload: Upload) => Promise<void>) =>
    registry.uploads.on(uploadId, placeIn(registry, input), work).catch(() => undefined);
  return {
    forget: () => registry.uploads.forget(uploadId),
    loseNewestPart: () => onUpload((upload) => upload.dropNewestPart()),
    takeFirst: async (bytes) => {
      const { layerPartBlob } = input;
      if (Buffer.isBuffer(layerPartBlob)) await onUpload((upload) => upload.append(layerPartBlob.subarray(0, bytes)));
    },
  };
}
