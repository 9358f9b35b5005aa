import { NotAnArchive, type SlipwayError, Unsupported } from '../contract/errors';
import { LOOK_ALIKES, type LookAlike } from './magic-bytes';
import type { RangedReader } from './ranged-reader';
import { SAVE_IMAGE } from './remedies';

const ISO_MAGIC = 'CD001';
const ISO_MAGIC_AT = 32769;

/** The error for an object that does not begin with a tar header: it says what the object is, where that shows. */
export async function foreignObject(reader: RangedReader, head: Uint8Array): Promise<SlipwayError> {
  if (await isDiskImage(reader)) return diskImage();
  const text = Buffer.from(head).toString('latin1');
  return described(LOOK_ALIKES.find(({ matches }) => matches(text)));
}

/** Whether the object is an ISO 9660 disk image, whose first 32 KiB may hold anything, zeros as well. */
export async function isDiskImage(reader: RangedReader): Promise<boolean> {
  if (reader.size < ISO_MAGIC_AT + ISO_MAGIC.length) return false;
  return Buffer.from(await reader.read(ISO_MAGIC_AT, ISO_MAGIC.length)).toString('latin1') === ISO_MAGIC;
}

/** The error for an ISO 9660 disk image. */
export function diskImage(): NotAnArchive {
  return new NotAnArchive({
    found: 'the object is an ISO 9660 disk image',
    offset: ISO_MAGIC_AT,
    expected: 'a tar',
    remedy: SAVE_IMAGE,
  });
}

function described(lookAlike: LookAlike | undefined): SlipwayError {
  const expected = 'a tar header';
  if (!lookAlike) {
    const found = 'the object does not begin with a tar header';
    return new NotAnArchive({ found, offset: 0, expected: 'a block with a right tar checksum', remedy: SAVE_IMAGE });
  }
  const finding = { found: `the object is ${lookAlike.what}`, offset: 0, expected, remedy: lookAlike.remedy };
  return lookAlike.compressed ? new Unsupported(finding) : new NotAnArchive(finding);
}
