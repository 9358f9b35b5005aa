import { TarHeaderInvalid, Unsupported } from '../contract/errors';
import { decodeText } from './header-text';
import { REMAKE } from './remedies';

/** Remedy for every form of sparse file. */
export const NOT_SPARSE = 'Make the tarball again without sparse files (GNU tar: leave out --sparse / -S).';

/** Keys that change what an entry is; all others (times, owners, extended attributes) are passed over. */
export type PaxKey = 'path' | 'linkpath' | 'size';

const SPARSE = 'GNU.sparse.';
const LONGEST_LENGTH = 10;

/**
 * Records of a PAX extended header, the last of a key; an empty value takes an earlier one back.
 * TarHeaderInvalid where a record is malformed, Unsupported where it makes the entry sparse.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (pax Extended Header)
 */
export function parsePaxRecords(bytes: Uint8Array, offset: number): Map<PaxKey, string> {
  const records = new Map<PaxKey, string>();
  let at = 0;
  // Some writers fill the rest of the header with NULs.
  while (at < bytes.length && bytes[at] !== 0) {
    const end = at + recordLength(bytes, at, offset);
    const start = bytes.indexOf(0x20, at) + 1;
    const equals = bytes.indexOf(0x3d, start);
    if (end > bytes.length || bytes[end - 1] !== 0x0a || equals <= start || equals >= end) {
      throw malformed(offset + at);
    }
    const key = decodeText(bytes.subarray(start, equals));
    if (key.startsWith(SPARSE)) throw sparse(key, offset);
    if (isPaxKey(key)) records.set(key, decodeText(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

/** Value of a `size` record in bytes; TarHeaderInvalid where it is no such number. */
export function paxSize(value: string, entry: string, offset: number): number {
  const size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new TarHeaderInvalid({
    found: `the PAX record "size" is "${value.slice(0, 40)}"`,
    entry,
    offset,
    expected: 'decimal digits, below 2^53',
    remedy: REMAKE,
  });
}

function recordLength(bytes: Uint8Array, from: number, offset: number): number {
  let length = 0;
  for (let at = from; at < from + LONGEST_LENGTH; at += 1) {
    const byte = bytes[at];
    if (byte === 0x20 && length > at - from) return length;
    if (byte === undefined || byte < 0x30 || byte > 0x39) break;
    length = length * 10 + byte - 0x30;
  }
  throw malformed(offset + from);
}

function isPaxKey(key: string): key is PaxKey {
  return key === 'path' || key === 'linkpath' || key === 'size';
}

function malformed(offset: number): TarHeaderInvalid {
  const expected = '"LENGTH KEY=VALUE", a newline, and LENGTH counting all of it';
  return new TarHeaderInvalid({ found: 'a PAX record is malformed', offset, expected, remedy: REMAKE });
}

function sparse(key: string, offset: number): Unsupported {
  return new Unsupported({
    found: `the PAX record "${key.slice(0, 40)}" makes the next entry a sparse file`,
    offset,
    expected: 'an entry whose bytes lie in the tarball as they are',
    remedy: NOT_SPARSE,
  });
}
