import type { Part } from '../upload/part-plan';
import { type PartOutcome, uploadPart } from './ecr-layers';
import { Gate } from './gate';
import { type LayerSource, PartSource, type ReadyPart } from './part-source';

/** What became of a part that nothing was before any more. */
export interface SettledPart {
  readonly part: Part;
  readonly outcome: PartOutcome;
}

interface Flight {
  readonly part: Part;
  readonly gate: Gate | undefined;
  readonly outcome: Promise<PartOutcome>;
  /** It has ended, and was not accepted: nothing may follow it. */
  failed: boolean;
}

/**
 * The parts of one upload on the wire, in order: the first as it is, those after it behind gates that open one by one.
 * What goes wrong behind a gate is an objection: the part is sent again alone, and so are all after it.
 */
export class PartsUnderWay {
  /** Bytes handed to ECR; a part counts in whole for each time it was begun. */
  bytesSent = 0;
  /** Whether something was in the way of more than one part at once. */
  objected = false;
  readonly #flights: Flight[] = [];
  readonly #source: PartSource;

  constructor(
    private readonly from: LayerSource,
    private readonly most: number,
  ) {
    this.#source = new PartSource(from);
  }

  /** Keeps the wire busy from `nextByte` on, and tells what became of the part there; undefined where none is begun. */
  async next(nextByte: number, mayGoOn: () => boolean): Promise<SettledPart | undefined> {
    if (this.#flights[0]?.part.firstByte !== nextByte) await this.#giveUp();
    for (;;) {
      await this.#fill(nextByte, mayGoOn);
      const flight = this.#flights.shift();
      if (!flight) return undefined;
      const outcome = await this.#outcomeOf(flight);
      if (outcome?.kind !== 'accepted') await this.#giveUp();
      if (outcome) return { part: flight.part, outcome };
    }
  }

  /** After the last part: throws DigestMismatch unless the bytes are those of the layer. */
  verify(): Promise<void> {
    return this.#source.verify();
  }

  /** Ends what is under way; nothing uses the memory of a part afterwards. */
  async close(): Promise<void> {
    await this.#giveUp();
    this.#source.close();
  }

  async #fill(nextByte: number, mayGoOn: () => boolean): Promise<void> {
    const window = this.objected ? 1 : this.most;
    for (let at = nextByte; this.#flights.length < window; ) {
      const last = this.#flights.at(-1);
      if (last) at = last.part.lastByte + 1;
      const part = this.#source.partAt(at);
      if (!part || last?.failed || !mayGoOn()) return;
      this.#flights.push(this.#begin(await this.#source.read(part), last));
    }
  }

  #begin(ready: ReadyPart, before: Flight | undefined): Flight {
    const gate = before && new Gate();
    if (gate) {
      before.outcome.then(
        ({ kind }) => (kind === 'accepted' ? gate.open() : gate.abandon()),
        () => gate.abandon(),
      );
    }
    const outcome = uploadPart(this.from.id, ready, gate).finally(ready.release);
    const flight = { part: ready.part, gate, outcome, failed: false };
    const note = (accepted: boolean) => {
      flight.failed = !accepted;
    };
    // What it failed with is looked at when it is its turn.
    outcome.then(
      ({ kind }) => note(kind === 'accepted'),
      () => note(false),
    );
    return flight;
  }

  /** Undefined for what went wrong behind a gate. */
  async #outcomeOf({ part, gate, outcome }: Flight): Promise<PartOutcome | undefined> {
    const length = part.lastByte - part.firstByte + 1;
    if (!gate) {
      const settled = await outcome;
      this.bytesSent += length * settled.attempts;
      return settled;
    }
    const settled = await outcome.catch(() => undefined);
    this.bytesSent += gate.begun ? length : 0;
    if (settled?.kind === 'accepted') return settled;
    this.objected = true;
    // Sent alone, it would be lost as well.
    return settled?.kind === 'lost' ? settled : undefined;
  }

  async #giveUp(): Promise<void> {
    for (const flight of this.#flights) flight.gate?.abandon();
    for (const flight of this.#flights.splice(0)) {
      await flight.outcome.catch(() => undefined);
      this.objected = true;
      const { part, gate } = flight;
      this.bytesSent += gate?.begun === false ? 0 : part.lastByte - part.firstByte + 1;
    }
  }
}
