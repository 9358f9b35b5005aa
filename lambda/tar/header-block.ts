import { TarHeaderInvalid } from '../contract/errors';
import { shownName } from './entry-name';
import { decodeField } from './header-text';
import { parseNumber, parseOctal } from './numeric-field';
import { REMAKE } from './remedies';

/** Bytes of a tar block. */
export const BLOCK = 512;

/** Fields of one header block, as stored. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html */
export interface HeaderBlock {
  readonly name: string;
  readonly typeflag: string;
  /** Bytes. */
  readonly size: number;
  readonly linkName: string;
}

/** Whether every byte is zero. */
export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Whether "ustar" stands where POSIX and GNU headers have it. */
export function hasMagic(block: Uint8Array): boolean {
  return decodeField(block.subarray(257, 262)) === 'ustar';
}

/** Whether the checksum field holds the sum of the block's bytes, unsigned or (old writers) signed. */
export function hasChecksum(block: Uint8Array): boolean {
  const stored = parseOctal(block.subarray(148, 156));
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK; at += 1) {
    // The field counts as eight spaces in its own sum.
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return stored === unsigned || (stored === signed && stored > 0);
}

/** Fields of a block whose checksum is right; TarHeaderInvalid where its size is no number. */
export function parseHeader(block: Uint8Array, offset: number): HeaderBlock {
  const name = fullName(block);
  const size = parseNumber(block.subarray(124, 136));
  if (size === undefined) {
    throw new TarHeaderInvalid({
      found: 'the size field of the header is not a number',
      entry: shownName(name),
      offset,
      expected: 'octal digits, or a positive base-256 number below 2^53',
      remedy: REMAKE,
    });
  }
  const typeflag = String.fromCharCode(block[156] ?? 0);
  return { name, typeflag, size, linkName: decodeField(block.subarray(157, 257)) };
}

function fullName(block: Uint8Array): string {
  const name = decodeField(block.subarray(0, 100));
  // Only the POSIX magic has a prefix: old GNU headers keep times and sparse maps in those bytes.
  const isPosix = hasMagic(block) && block[262] === 0;
  const prefix = isPosix ? decodeField(block.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}
