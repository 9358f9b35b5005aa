const READ_BYTES = 512 * 1024;

// One is read, one is given, and one may still be on its way to where the last one went.
const BUFFERS = 3;

// Those of a crowd of readers are not kept for ever.
const MOST_IDLE = 64;

// Kept for the next reader: fresh memory is paid for page by page, and has the whole heap collected when it is thrown away.
const idle: Buffer[] = [];

/** Three buffers of 512 KiB for one reader, which take turns. */
export class ReadBuffers {
  #lent: Buffer[] = [];

  /** The one that was used longest ago. */
  next(): Buffer {
    const buffer = this.#lent.length < BUFFERS ? idle.pop() : this.#lent.shift();
    const used = buffer ?? Buffer.allocUnsafeSlow(READ_BYTES);
    this.#lent.push(used);
    return used;
  }

  /** Nothing uses them any more. */
  giveBack(): void {
    idle.push(...this.#lent.splice(0, MOST_IDLE - idle.length));
    this.#lent = [];
  }
}
