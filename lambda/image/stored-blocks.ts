/**
 * True of bytes that are spread nearly as evenly as chance would have them, as those of an archive, an image or anything
 * compressed are: to deflate them takes longest of all, and saves some hundredths. Integers alone decide, the same on
 * every machine.
 */
export function isSpreadEvenly(bytes: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  let looked = 0;
  for (let at = 0; at < bytes.length; at += STRIDE) {
    // biome-ignore lint/style/noNonNullAssertion: every byte has a count
    counts[bytes[at]!]! += 1;
    looked += 1;
  }
  if (looked < FEWEST) return false;
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  return squares * 256 * 100 < looked * looked * MOST_UNEVEN;
}

/** Bytes as stored blocks of deflate, the last one marked as such (RFC 1951, 3.2.4); at least one byte. */
export function storedBlocks(bytes: Uint8Array): Uint8Array {
  const stored = Buffer.allocUnsafeSlow(bytes.length + Math.ceil(bytes.length / LONGEST) * HEAD);
  for (let from = 0, to = 0; from < bytes.length; from += LONGEST, to += HEAD + LONGEST) {
    const some = bytes.subarray(from, from + LONGEST);
    stored[to] = from + some.length === bytes.length ? 1 : 0;
    stored.writeUInt16LE(some.length, to + 1);
    stored.writeUInt16LE(some.length ^ 0xffff, to + 3);
    stored.set(some, to + HEAD);
  }
  return stored;
}

// A prime, so that columns of a table are not looked at alone.
const STRIDE = 13;

// With fewer, chance alone is uneven.
const FEWEST = 16 * 1024;

// Percent of the sum of squares that bytes have which are all as frequent.
const MOST_UNEVEN = 110;

const LONGEST = 0xffff;

const HEAD = 5;
