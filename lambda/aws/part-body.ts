import { createHash, type Hash } from 'node:crypto';
import { giveBack } from '../image/give-back';

// Divides by three, so that base64 goes on without padding; small enough to be hashed while it is still in the cache.
const STEP = 48 * 1024;
const BLOB = '"layerPartBlob":"';
// ECR's names have at most 256 characters, and its upload ids 36.
const LONGEST_FRAME = 8 * 1024;

/** What an UploadLayerPart says beside its bytes. */
export interface PartHead {
  readonly registryId: string | undefined;
  readonly repositoryName: string;
  readonly uploadId: string;
  readonly partFirstByte: number;
  readonly partLastByte: number;
}

/** A request body, and its SHA-256 in hex. */
interface EncodedPart {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

// Bytes of a part come in steps of this many, so that parts of about one size can have the same memory.
const ROOM_STEP = 2 * 1024 * 1024;

// Kept as long as the function's environment: fresh memory is paid for page by page.
const free: PartBody[] = [];

/**
 * The body of one UploadLayerPart, encoded and hashed while its bytes arrive, in memory that is used again: byte for
 * byte what the SDK writes, which holds the part, its base64 and its JSON in memory at once.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html
 */
export class PartBody {
  readonly #slab: Buffer;
  readonly #step = Buffer.allocUnsafeSlow(STEP);
  #hash: Hash = createHash('sha256');
  #stepped = 0;
  #length = 0;
  #frame: Frame = { before: Buffer.alloc(0), after: Buffer.alloc(0) };

  private constructor(private readonly room: number) {
    this.#slab = Buffer.allocUnsafeSlow(LONGEST_FRAME + Math.ceil(room / 3) * 4);
  }

  /**
   * Room for a part of at most `size` bytes: what was released before, where some of the kind is there. Else as much of
   * another kind is given up for it, so that a function never holds more than the most it had in use.
   */
  static of(size: number): PartBody {
    const room = Math.ceil(size / ROOM_STEP) * ROOM_STEP;
    // The last one released: memory that was never written to is not there yet.
    const at = free.findLastIndex((body) => body.room === room);
    const found = free.splice(at, at < 0 ? 0 : 1)[0];
    if (found) return found;
    for (let given = 0; given < room; ) {
      const other = free.shift();
      if (!other) break;
      giveBack(other.#slab);
      given += other.room;
    }
    return new PartBody(room);
  }

  /** Gives the memory back: nothing may send it any more. */
  release(): void {
    free.push(this);
  }

  /** Begins anew; what was here before is gone. */
  begin(head: PartHead): void {
    this.#hash = createHash('sha256');
    this.#stepped = 0;
    this.#length = 0;
    this.#frame = frame(head);
    this.#take(this.#frame.before);
  }

  /** Adds bytes of the part. */
  append(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + STEP - this.#stepped);
      this.#step.set(some, this.#stepped);
      this.#stepped += some.length;
      at += some.length;
      if (this.#stepped === STEP) this.#encode();
    }
  }

  /** The body and its digest in hex, good until the next `begin`. */
  end(): EncodedPart {
    this.#encode();
    this.#take(this.#frame.after);
    return { bytes: this.#slab.subarray(0, this.#length), sha256: this.#hash.digest('hex') };
  }

  /** As `end`, where the part turned out to be another than it began as. */
  endAs(head: PartHead): EncodedPart {
    this.#encode();
    const was = this.#frame.before;
    this.#frame = frame(head);
    const { before } = this.#frame;
    if (before.equals(was)) return this.end();
    this.#slab.copyWithin(before.length, was.length, this.#length);
    const length = this.#length - was.length;
    this.#hash = createHash('sha256');
    this.#length = 0;
    this.#take(before);
    this.#written(length);
    return this.end();
  }

  #encode(): void {
    const text = this.#step.toString('base64', 0, this.#stepped);
    this.#stepped = 0;
    this.#written(this.#slab.write(text, this.#length, 'latin1'));
  }

  #take(bytes: Uint8Array): void {
    this.#slab.set(bytes, this.#length);
    this.#written(bytes.length);
  }

  #written(count: number): void {
    this.#hash.update(this.#slab.subarray(this.#length, this.#length + count));
    this.#length += count;
  }
}

interface Frame {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** The JSON around the base64, its members in the order of the service's model, which is the SDK's. */
function frame({ registryId, repositoryName, uploadId, partFirstByte, partLastByte }: PartHead): Frame {
  const members = { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob: '', registryId };
  const json = JSON.stringify(members);
  // Inside a string its quotes would be escaped, so it is found once.
  const at = json.indexOf(BLOB) + BLOB.length;
  return { before: Buffer.from(json.slice(0, at)), after: Buffer.from(json.slice(at)) };
}
