import { RepositoryNotFound, SlipwayError, TRANSIENT_ERRORS } from '../contract/errors';
import type { LayerUpload, LostUpload, UploadAttempt } from '../contract/steps';
import type { Part } from '../upload/part-plan';
import { realign } from '../upload/realign';
import { initiateUpload, type PartOutcome, partHead, type RepositoryId, uploadPart } from './ecr-layers';
import { PartBody } from './part-body';

/** Where a layer goes, and how long it may be sent there. */
export interface EarlySending {
  readonly id: RepositoryId;
  /** Whether there is time for one more part. */
  readonly mayGoOn: () => boolean;
  /** Told of what ended the sending, and may have passed when the layer is looked for. */
  readonly warn: (message: string, error: Error) => void;
}

/**
 * The upload of a layer while its bytes come into being, with size and digest unknown: a part is filled while the one
 * before it is on the wire. It follows no objection of ECR and sends nothing again: whoever knows the whole layer goes
 * on from the byte where it stands.
 */
export class EarlyUpload {
  #upload: LayerUpload | undefined;
  #lost: LostUpload | undefined;
  #bytesSent = 0;
  #allSent = false;
  #over = false;
  #filling: { readonly body: PartBody; readonly firstByte: number; filled: number } | undefined;
  #onTheWire: Promise<void> = Promise.resolve();

  constructor(private readonly sending: EarlySending) {}

  /** The same pieces, sent on the way. Throws what any other try would meet as well, such as PermissionDenied. */
  async *through(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      let firstByte = 0;
      for await (const piece of pieces) {
        await this.#take(firstByte, piece);
        firstByte += piece.length;
        yield piece;
      }
      await this.#send();
      await this.#onTheWire;
      this.#allSent = !this.#over;
    } finally {
      this.#over = true;
      this.#filling?.body.release();
      // Nothing uses the memory of a part afterwards.
      await this.#onTheWire.catch(() => undefined);
    }
  }

  /** How far it came, once all has gone through; undefined where no upload was begun. */
  get attempt(): UploadAttempt | undefined {
    const bytesSent = this.#bytesSent;
    if (this.#lost) return { bytesSent, lost: this.#lost };
    return this.#upload && { bytesSent, upload: this.#upload, allSent: this.#allSent };
  }

  /** It sends no more of what goes through. */
  get isOver(): boolean {
    return this.#over;
  }

  async #take(firstByte: number, piece: Uint8Array): Promise<void> {
    if (!this.#upload && !this.#over) this.#upload = await initiateUpload(this.sending.id).catch(this.#leave);
    for (let at = 0; at < piece.length; ) {
      if (!this.#upload || this.#over) return;
      const { partSize } = this.#upload;
      this.#filling ??= this.#empty(this.#upload, firstByte + at);
      const some = piece.subarray(at, at + partSize - this.#filling.filled);
      this.#filling.body.append(some);
      this.#filling.filled += some.length;
      at += some.length;
      if (this.#filling.filled === partSize) await this.#send();
    }
  }

  #empty({ uploadId, partSize }: LayerUpload, firstByte: number) {
    const body = PartBody.of(partSize);
    body.begin(partHead(this.sending.id, uploadId, partOf(firstByte, partSize)));
    return { body, firstByte, filled: 0 };
  }

  /** Sends what is filled, once ECR has the part before it. */
  async #send(): Promise<void> {
    await this.#onTheWire;
    const [upload, filling] = [this.#upload, this.#filling];
    if (!upload || !filling || this.#over) return;
    this.#over = !this.sending.mayGoOn();
    if (this.#over) return;
    this.#filling = undefined;
    const { body, firstByte, filled } = filling;
    this.#onTheWire = this.#sendPart(upload, partOf(firstByte, filled), body).finally(() => body.release());
    // Whoever waits for it hears of it; until then a failure is not one that nobody handles.
    this.#onTheWire.catch(() => undefined);
  }

  async #sendPart(upload: LayerUpload, part: Part, body: PartBody): Promise<void> {
    const { id } = this.sending;
    const head = partHead(id, upload.uploadId, part);
    const outcome = await uploadPart(id, { head, ...body.endAs(head) }).catch(this.#leave);
    const nextByte = part.lastByte + 1;
    this.#bytesSent += (nextByte - part.firstByte) * (outcome?.attempts ?? 1);
    if (outcome && isStored(part, upload, outcome)) this.#upload = { ...upload, nextByte };
    else this.#over = true;
    if (outcome?.kind === 'lost') this.#lost = 'UploadNotFound';
  }

  /** Sends no more; throws an error that no later upload would be spared. */
  readonly #leave = (error: unknown): undefined => {
    this.#over = true;
    // It is yet to be created, by the first upload of a layer that is known to be right.
    if (error instanceof RepositoryNotFound) return;
    const mayPass = error instanceof SlipwayError && TRANSIENT_ERRORS.some((name) => name === error.name);
    if (!mayPass) throw error;
    this.sending.warn('a layer is not sent while it is compressed', error);
  };
}

/** ECR has the part, of this try or of one whose answer was lost. */
function isStored(part: Part, { partSize }: LayerUpload, outcome: PartOutcome): boolean {
  if (outcome.kind !== 'refused') return outcome.kind === 'accepted';
  return realign(part, Number.POSITIVE_INFINITY, partSize, outcome).kind === 'stored';
}

function partOf(firstByte: number, length: number): Part {
  return { firstByte, lastByte: firstByte + length - 1 };
}
