import type { RangedReader } from './ranged-reader';

const SMALLEST = 8 * 1024;
const LARGEST = 512 * 1024;
/** A header at most this far behind the window counts as close: reading on costs less than another request. */
const NEAR = 64 * 1024;

/**
 * One window onto an object, moved forward by its reader: it grows fourfold while headers lie close together, and
 * falls back to 8 KiB after a jump over a big entry.
 */
export class HeaderWindow {
  readonly #reader: RangedReader;
  #bytes: Uint8Array = new Uint8Array(0);
  #firstByte = 0;
  #span = SMALLEST;

  constructor(reader: RangedReader) {
    this.#reader = reader;
  }

  /** `length` bytes, which must lie inside the object; valid until the next call. */
  async read(firstByte: number, length: number): Promise<Uint8Array> {
    const from = firstByte - this.#firstByte;
    if (from >= 0 && from + length <= this.#bytes.length) return this.#bytes.subarray(from, from + length);
    await this.#move(firstByte, length);
    return this.#bytes.subarray(0, length);
  }

  async #move(firstByte: number, length: number): Promise<void> {
    const gap = firstByte - (this.#firstByte + this.#bytes.length);
    const goesOn = this.#bytes.length > 0 && gap <= NEAR;
    this.#span = goesOn ? Math.min(this.#span * 4, LARGEST) : SMALLEST;
    const span = Math.min(Math.max(this.#span, length), this.#reader.size - firstByte);
    this.#bytes = await this.#reader.read(firstByte, span);
    this.#firstByte = firstByte;
  }
}
