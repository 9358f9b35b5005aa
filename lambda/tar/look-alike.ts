import { NotAnArchive, type SlipwayError, Unsupported } from '../contract/errors';
import { BLOCK, hasChecksum, hasMagic, isZero } from './header-block';
import { LOOK_ALIKES, type LookAlike } from './magic-bytes';
import type { RangedReader } from './ranged-reader';
import { SAVE_IMAGE } from './remedies';

const ISO_MAGIC = 'CD001';
const ISO_MAGIC_AT = 32769;

/**
 * The error for bytes that do not begin with a tar header: it says what they are, where that shows.
 * @param subject what the bytes are of, as a noun phrase
 */
export async function foreignObject(
  reader: RangedReader,
  head: Uint8Array,
  subject = 'the object',
): Promise<SlipwayError> {
  if (await isDiskImage(reader)) return diskImage(subject);
  const text = Buffer.from(head).toString('latin1');
  return described(
    LOOK_ALIKES.find(({ matches }) => matches(text)),
    subject,
  );
}

/** Throws the error of {@link foreignObject} unless a tar, whole or damaged, may begin with these bytes. */
export async function requireTarHead(head: Uint8Array, subject: string): Promise<void> {
  const reader: RangedReader = {
    size: head.length,
    read: async (firstByte, length) => head.subarray(firstByte, firstByte + length),
  };
  const block = head.subarray(0, BLOCK);
  if (isZero(block) && (await isDiskImage(reader))) throw diskImage(subject);
  if (isZero(block) || hasMagic(block) || (block.length === BLOCK && hasChecksum(block))) return;
  throw await foreignObject(reader, block, subject);
}

/** Whether the object is an ISO 9660 disk image, whose first 32 KiB may hold anything, zeros as well. */
export async function isDiskImage(reader: RangedReader): Promise<boolean> {
  if (reader.size < ISO_MAGIC_AT + ISO_MAGIC.length) return false;
  return Buffer.from(await reader.read(ISO_MAGIC_AT, ISO_MAGIC.length)).toString('latin1') === ISO_MAGIC;
}

/** The error for an ISO 9660 disk image. */
export function diskImage(subject = 'the object'): NotAnArchive {
  return new NotAnArchive({
    found: `${subject} is an ISO 9660 disk image`,
    offset: ISO_MAGIC_AT,
    expected: 'a tar',
    remedy: SAVE_IMAGE,
  });
}

function described(lookAlike: LookAlike | undefined, subject: string): SlipwayError {
  const expected = 'a tar header';
  if (!lookAlike) {
    const found = `${subject} does not begin with a tar header`;
    return new NotAnArchive({ found, offset: 0, expected: 'a block with a right tar checksum', remedy: SAVE_IMAGE });
  }
  const finding = { found: `${subject} is ${lookAlike.what}`, offset: 0, expected, remedy: lookAlike.remedy };
  return lookAlike.compressed ? new Unsupported(finding) : new NotAnArchive(finding);
}
