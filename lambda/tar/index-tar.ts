import { EmptyObject, TarEmpty } from '../contract/errors';
import { HeaderWalk } from './header-walk';
import { diskImage, isDiskImage } from './look-alike';
import type { RangedReader } from './ranged-reader';
import { SAVE_IMAGE, UPLOAD_AGAIN } from './remedies';
import { type TarIndex, tarIndexOf } from './tar-index';
import { TAR_LIMITS, type TarLimits } from './tar-limits';

/**
 * Index of a tar (V7, ustar, PAX, GNU) by ranged reads of its headers alone, with all entries checked to lie inside
 * the object. Any tarball error but those of manifests and blobs.
 */
export async function indexTar(reader: RangedReader, limits: TarLimits = TAR_LIMITS): Promise<TarIndex> {
  if (reader.size === 0) {
    throw new EmptyObject({ found: 'the object has no bytes', offset: 0, expected: 'a tar', remedy: UPLOAD_AGAIN });
  }
  const entries = await new HeaderWalk(reader, limits).entries();
  if (entries.length > 0) return tarIndexOf(entries);
  if (await isDiskImage(reader)) throw diskImage();
  throw new TarEmpty({
    found: 'the tar has no file, directory or link',
    offset: 0,
    expected: 'the entries of an image',
    remedy: SAVE_IMAGE,
  });
}
