/**
 * True of bytes that are spread nearly as evenly as chance would have them, as those of an archive, an image or anything
 * compressed are: to deflate them takes longest of all, and saves next to nothing. Integers alone decide, the same on
 * every machine.
 */
export function isSpreadEvenly(bytes: Uint8Array): boolean {
  const looked = Math.ceil(bytes.length / STRIDE);
  if (looked < FEWEST) return false;
  const counts = new Uint32Array(256);
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + LOOKED_BETWEEN * STRIDE);
    // biome-ignore lint/style/noNonNullAssertion: every byte has a count
    for (; at < end; at += STRIDE) counts[bytes[at]!]! += 1;
    // It only grows: a few looks tell of most that is uneven.
    const squares = counts.reduce((sum, count) => sum + count * count, 0);
    if (squares * 256 * 100 >= looked * looked * MOST_UNEVEN) return false;
  }
  return true;
}

// Looks at a byte, after which it may be told already.
const LOOKED_BETWEEN = 8 * 1024;

// A prime, so that columns of a table are not looked at alone.
const STRIDE = 13;

// With fewer, chance alone is uneven.
const FEWEST = 16 * 1024;

// Percent of the sum of squares that bytes have which are all as frequent.
const MOST_UNEVEN = 110;
