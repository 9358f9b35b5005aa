/** Bytes of a known number, made when they are asked for: a tarball of many GiB need not lie in memory. */
export interface TarContent {
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `firstByte`, inside the content. */
  slice(firstByte: number, length: number): Uint8Array;
}

/** Content that is in memory already; text as UTF-8. */
export function bytes(content: string | Uint8Array): TarContent {
  const buffer = Buffer.from(content);
  return { size: buffer.length, slice: (firstByte, length) => buffer.subarray(firstByte, firstByte + length) };
}

/** `size` zero bytes. */
export function zeros(size: number): TarContent {
  return { size, slice: (_, length) => Buffer.alloc(length) };
}

/** `size` bytes that look random and do not compress, the same for the same `seed`. */
export function noise(size: number, seed = 1): TarContent {
  const page = noisePage(seed);
  return {
    size,
    slice: (firstByte, length) => {
      const start = firstByte % page.length;
      const pages = Math.ceil((start + length) / page.length);
      return Buffer.concat(Array<Uint8Array>(pages).fill(page)).subarray(start, start + length);
    },
  };
}

// A gzip window spans 32 KiB, so a page of 128 KiB never repeats inside one.
function noisePage(seed: number): Buffer {
  const page = Buffer.alloc(128 * 1024);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < page.length; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    page.writeInt32LE(state | 0, at);
  }
  return page;
}
