/**
 * True of bytes that are spread nearly as evenly as chance would have them, as those of an archive, an image or anything
 * compressed are: to deflate them takes longest of all, and saves next to nothing. Integers alone decide, the same on
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

// A prime, so that columns of a table are not looked at alone.
const STRIDE = 13;

// With fewer, chance alone is uneven.
const FEWEST = 16 * 1024;

// Percent of the sum of squares that bytes have which are all as frequent.
const MOST_UNEVEN = 110;
