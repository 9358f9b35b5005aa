import { DiffIdMismatch } from '../contract/errors';

/** The error for a layer whose content is not what its config lists. `firstByte`: of the layer, in the tarball. */
export function diffIdMismatch(
  { diffId, entry, firstByte }: { diffId: string; entry: string; firstByte: number },
  found: string,
): DiffIdMismatch {
  return new DiffIdMismatch({
    found: `the layer has diffId ${found}`,
    entry,
    offset: firstByte,
    expected: `${diffId}, as its config says`,
    remedy: 'The tarball is damaged: save the image again and drop it again.',
  });
}
