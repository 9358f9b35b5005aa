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

const LONGEST = 0xffff;

const HEAD = 5;
