import type { Clock } from '../clock';
import { byteLength } from '../json';
import { detailsField, type EventDetails, type HistoryEvent } from './event';

/** The most events of one execution. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const EVENT_LIMIT = 25_000;

/** No event fits any more but the one that says the execution failed. */
export class HistoryFull extends Error {
  override readonly name = 'HistoryFull';

  constructor() {
    super(`The execution reached the maximum number of history events (${EVENT_LIMIT}).`);
  }
}

/** The events of one execution, in order, and the greatest payload among them. */
export class History {
  readonly #clock: Clock;
  readonly #events: HistoryEvent[];
  #largestPayload: number;

  constructor(clock: Clock, earlier: { readonly events: readonly HistoryEvent[]; readonly largestPayload: number }) {
    this.#clock = clock;
    this.#events = [...earlier.events];
    this.#largestPayload = earlier.largestPayload;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Bytes. */
  get largestPayload(): number {
    return this.#largestPayload;
  }

  /** Appends an event and gives its id. HistoryFull where the last place must stay free for the execution's end. */
  add(type: string, previousEventId: number, details?: EventDetails): number {
    if (this.#events.length >= EVENT_LIMIT - 1) throw new HistoryFull();
    return this.#append(type, previousEventId, details);
  }

  /** Appends the event that ends the execution, for which there is always room. */
  end(type: string, previousEventId: number, details?: EventDetails): number {
    return this.#append(type, previousEventId, details);
  }

  /** Counts a payload that is about to be recorded; gives its bytes. */
  weigh(payload: string): number {
    const bytes = byteLength(payload);
    this.#largestPayload = Math.max(this.#largestPayload, bytes);
    return bytes;
  }

  #append(type: string, previousEventId: number, details?: EventDetails): number {
    const id = this.#events.length + 1;
    const event = { timestamp: this.#clock.now(), type, id, previousEventId };
    this.#events.push(details === undefined ? event : { ...event, [detailsField(type)]: details });
    return id;
  }
}
