import { LimitExceeded, OuterCorrupt, type SlipwayError, Unsupported } from '../contract/errors';
import { REMAKE, UPLOAD_AGAIN } from '../tar/remedies';

// What `zstd -d` takes without `--long`.
const MOST_WINDOW = 128 * 1024 * 1024;

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * The same zstd data in pieces of which none spans two frames, without its skippable frames: Node's decompressor stops
 * at a frame that ends inside a piece. OuterCorrupt where frames are damaged or end early, LimitExceeded for a window
 * above 128 MiB, Unsupported for a frame that needs a dictionary. https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export async function* zstdFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const walk = new FrameWalk();
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const run = walk.at;
      const end = walk.run(piece, at);
      if (run === 'frame') yield piece.subarray(at, end);
      else if (run === 'magic' && walk.at === 'frame') yield MAGIC;
      at = end;
    }
  }
  walk.finish();
}

/** Where a walk stands: at the magic number that tells a frame's kind, or in what follows it. */
type Place = 'magic' | 'frame' | 'skippable';

/** Follows the headers of frames and blocks over pieces of any length. */
class FrameWalk {
  #at: Place = 'magic';
  #offset = 0;
  #frameOffset = 0;
  /** Bytes of the current header that were seen. */
  readonly #header = Buffer.alloc(16);
  #seen = 0;
  /** Length of the current header, and what reads it. */
  #wanted = MAGIC.length;
  #read = this.#takeMagic;
  /** Content still to come before the next header. */
  #content = 0;
  #isLastBlock = false;
  #hasChecksum = false;

  get at(): Place {
    return this.#at;
  }

  /** Goes from `from` to the next change of place, or to the end of the piece; gives the index where it stands then. */
  run(piece: Uint8Array, from: number): number {
    const place = this.#at;
    let at = from;
    while (at < piece.length && this.#at === place) {
      const length = Math.min(piece.length - at, this.#content > 0 ? this.#content : this.#wanted - this.#seen);
      this.#offset += length;
      if (this.#content > 0) this.#passContent(length);
      else this.#collect(piece.subarray(at, at + length));
      at += length;
    }
    return at;
  }

  /** To be called after the last byte. */
  finish(): void {
    if (this.#at === 'magic' && this.#seen === 0) return;
    throw new OuterCorrupt({
      found: `the zstd data ends inside the frame that begins at offset ${this.#frameOffset}`,
      offset: this.#offset,
      expected: 'the rest of the frame',
      remedy: UPLOAD_AGAIN,
    });
  }

  #collect(bytes: Uint8Array): void {
    this.#header.set(bytes, this.#seen);
    this.#seen += bytes.length;
    if (this.#seen < this.#wanted) return;
    const header = this.#header.subarray(0, this.#seen);
    this.#seen = 0;
    this.#read(header);
  }

  #passContent(length: number): void {
    this.#content -= length;
    if (this.#content === 0 && (this.#at === 'skippable' || this.#isLastBlock)) this.#endFrame();
  }

  #expect(length: number, read: (header: Buffer) => void): void {
    this.#wanted = length;
    this.#read = read;
  }

  #takeMagic(magic: Buffer): void {
    this.#frameOffset = this.#offset - MAGIC.length;
    if (magic.equals(MAGIC)) {
      this.#at = 'frame';
      this.#expect(1, this.#takeDescriptor);
    } else if ((magic.readUInt32LE() & 0xfffffff0) >>> 0 === 0x184d2a50) {
      this.#at = 'skippable';
      this.#expect(4, this.#takeSkippableSize);
    } else throw this.#corrupt('no zstd frame begins', 'a frame, or the end of the object', this.#frameOffset);
  }

  #takeSkippableSize(size: Buffer): void {
    this.#content = size.readUInt32LE();
    if (this.#content === 0) this.#endFrame();
  }

  #takeDescriptor(header: Buffer): void {
    const descriptor = header.readUInt8();
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const windowLength = isSingleSegment ? 0 : 1;
    const dictionaryLength = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const sizeLength = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#expect(windowLength + dictionaryLength + sizeLength, (fields) => {
      const dictionary = fields.subarray(windowLength, windowLength + dictionaryLength);
      if (dictionary.some((byte) => byte !== 0)) throw this.#needsDictionary();
      const window = isSingleSegment ? contentSize(fields.subarray(dictionaryLength)) : windowSize(fields.readUInt8());
      if (window > MOST_WINDOW) throw this.#windowTooLarge(window);
      this.#expect(3, this.#takeBlockHeader);
    });
  }

  #takeBlockHeader(header: Buffer): void {
    const field = header.readUIntLE(0, 3);
    const type = (field >> 1) & 3;
    if (type === RESERVED_BLOCK)
      throw this.#corrupt('a zstd block has the reserved type', 'a raw, RLE or packed block');
    this.#isLastBlock = (field & 1) === 1;
    const checksum = this.#isLastBlock && this.#hasChecksum ? 4 : 0;
    this.#content = (type === RLE_BLOCK ? 1 : field >> 3) + checksum;
    if (this.#content === 0 && this.#isLastBlock) this.#endFrame();
  }

  #endFrame(): void {
    this.#at = 'magic';
    this.#isLastBlock = false;
    this.#expect(MAGIC.length, this.#takeMagic);
  }

  #corrupt(found: string, expected: string, offset = this.#offset): SlipwayError {
    return new OuterCorrupt({ found, offset, expected, remedy: REMAKE });
  }

  #needsDictionary(): SlipwayError {
    return new Unsupported({
      found: 'the zstd data was compressed with a dictionary',
      offset: this.#frameOffset,
      expected: 'a frame that can be decompressed alone',
      remedy: 'Compress the tarball without a dictionary ("zstd image.tar").',
    });
  }

  #windowTooLarge(window: number): SlipwayError {
    return new LimitExceeded({
      found: `the zstd data needs a window of ${window} bytes`,
      offset: this.#frameOffset,
      expected: `at most ${MOST_WINDOW} bytes (128 MiB)`,
      remedy: 'Compress the tarball without "--long", or with "--long=27" at most, or drop the plain tar.',
    });
  }
}

function contentSize(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  // Two bytes count from 256 on.
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
