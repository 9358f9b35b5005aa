import type { RangedReader } from '../../lambda/tar/ranged-reader';
import type { TarContent } from './tar-content';

/** Reader over bytes in memory, or made on demand; a RangeError where a range is empty or not inside. */
export function rangedReaderOf(content: Uint8Array | TarContent): RangedReader {
  const size = content instanceof Uint8Array ? content.length : content.size;
  return {
    size,
    async read(firstByte, length) {
      const isInside = Number.isSafeInteger(firstByte) && Number.isSafeInteger(length) && firstByte >= 0 && length > 0;
      if (!isInside || firstByte + length > size) {
        throw new RangeError(`${length} bytes from ${firstByte} are not inside ${size} bytes`);
      }
      return content instanceof Uint8Array
        ? content.subarray(firstByte, firstByte + length)
        : content.slice(firstByte, length);
    },
  };
}

/** A reader that counts. */
export interface CountingReader extends RangedReader {
  /** Reads so far. */
  readonly reads: number;
  /** Bytes handed out so far. */
  readonly bytes: number;
}

/** The same object, with its reads and bytes counted. */
export function countingReader(reader: RangedReader): CountingReader {
  let reads = 0;
  let bytes = 0;
  return {
    size: reader.size,
    get reads() {
      return reads;
    },
    get bytes() {
      return bytes;
    },
    read(firstByte, length) {
      reads += 1;
      bytes += length;
      return reader.read(firstByte, length);
    },
  };
}
