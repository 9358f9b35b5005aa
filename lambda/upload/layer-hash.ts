import { createHash } from 'node:crypto';
import { Internal } from '../contract/errors';

/**
 * SHA-256 of a layer whose bytes come as they are sent: a range may come twice, or be read by two at a time, and each
 * byte counts once. What lies between `nextByte` and a range must come before it.
 */
export class LayerHash {
  readonly #hash = createHash('sha256');
  #nextByte = 0;

  /** First byte that is not hashed. */
  get nextByte(): number {
    return this.#nextByte;
  }

  /** Takes the bytes of the layer from `firstByte` on. */
  add(firstByte: number, bytes: Uint8Array): void {
    if (firstByte > this.#nextByte) {
      const found = `bytes from ${firstByte} on came to a hash that stands at ${this.#nextByte}`;
      throw new Internal({ found, remedy: 'Report this as a bug.' });
    }
    const fresh = bytes.subarray(Math.min(bytes.length, this.#nextByte - firstByte));
    this.#hash.update(fresh);
    this.#nextByte += fresh.length;
  }

  /** The digest of all that came; nothing can come after. */
  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
