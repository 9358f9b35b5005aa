import type { ReadableLayer } from '../contract/upload-plan';
import { LayerHash } from '../upload/layer-hash';
import { type Part, partAt } from '../upload/part-plan';
import { verifyDigest } from '../upload/verify-layer';
import { partHead, type RepositoryId } from './ecr-layers';
import { hashUpTo } from './hash-up-to';
import { PartBody } from './part-body';
import type { WrittenPart } from './part-request';
import { receiveRange } from './source-object';

/** A part ready to be sent. `release` gives its memory back, once nothing sends it any more. */
export interface ReadyPart extends WrittenPart {
  readonly part: Part;
  release(): void;
}

/** A layer, where it goes, and the upload that it goes by. */
export interface LayerSource {
  readonly layer: ReadableLayer;
  readonly owner: string;
  readonly id: RepositoryId;
  readonly upload: { readonly uploadId: string; readonly partSize: number };
}

/**
 * The parts of one layer, read out of S3 straight into request bodies, the one after that in use ahead of time; hashed
 * on the way where the layer is to be compared with its digest then.
 */
export class PartSource {
  #ahead: { readonly firstByte: number; readonly ready: Promise<ReadyPart> } | undefined;
  readonly #reading = new AbortController();
  readonly #hash: LayerHash | undefined;

  constructor(private readonly from: LayerSource) {
    if (from.layer.verify === 'sending') this.#hash = new LayerHash();
  }

  /** The part that begins at `nextByte`, or undefined after the last one. */
  partAt(nextByte: number): Part | undefined {
    return partAt(nextByte, this.from.layer.size, this.from.upload.partSize);
  }

  /** Waits for a part; begins to read the one after it. Errors of S3. */
  async read(part: Part): Promise<ReadyPart> {
    if (this.#ahead?.firstByte !== part.firstByte) this.#drop();
    const ready = await (this.#ahead?.ready ?? this.#fetch(part));
    this.#ahead = undefined;
    const next = this.partAt(part.lastByte + 1);
    if (next) this.#ahead = { firstByte: next.firstByte, ready: this.#fetch(next) };
    // Whoever asks for it hears of a failure; until then it is not one that nobody handles.
    this.#ahead?.ready.catch(() => undefined);
    return ready;
  }

  /** After the last part: throws DigestMismatch unless the bytes are those of the layer. Errors of S3. */
  async verify(): Promise<void> {
    if (!this.#hash) return;
    await this.#hashUpTo(this.from.layer.size);
    verifyDigest(this.from.layer, this.#hash.digest());
  }

  /** Stops what is read ahead. */
  close(): void {
    this.#drop();
    this.#reading.abort();
  }

  #drop(): void {
    this.#ahead?.ready.then(
      (ready) => ready.release(),
      () => undefined,
    );
    this.#ahead = undefined;
  }

  async #fetch(part: Part): Promise<ReadyPart> {
    const { layer, owner, id, upload } = this.from;
    const body = PartBody.of(Math.min(layer.size, upload.partSize));
    const head = partHead(id, upload.uploadId, part);
    const range = { firstByte: layer.firstByte + part.firstByte, length: part.lastByte - part.firstByte + 1 };
    body.begin(head);
    const release = () => body.release();
    let at = part.firstByte;
    const take = (piece: Uint8Array) => {
      this.#hash?.add(at, piece);
      at += piece.length;
      body.append(piece);
    };
    try {
      await this.#hashUpTo(part.firstByte);
      await receiveRange(layer.from, owner, range, take, this.#reading.signal);
      return { part, head, ...body.end(), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** What ECR had already, from another invocation or a reply that was lost, was not hashed by this one. */
  async #hashUpTo(end: number): Promise<void> {
    if (this.#hash) await hashUpTo(end, this.#hash, this.from.layer, this.from.owner, this.#reading.signal);
  }
}
