import { partAt, USUAL_PART_SIZE } from '../../lambda/upload/part-plan';
import { Link } from './link';
import { type Network, ON_THE_WIRE } from './network';
import type { SimulatedTime } from './simulated-time';

/** How the parts of a layer go: requests in flight at once, and parts that are read ahead of them. */
export interface Schedule {
  readonly name: string;
  readonly window: number;
  readonly ahead: number;
}

export const SCHEDULES: readonly Schedule[] = [
  { name: 'one part at a time', window: 1, ahead: 0 },
  { name: 'one ahead', window: 1, ahead: 1 },
  { name: 'gated, two in flight', window: 2, ahead: 1 },
];

// From the acknowledgement of a part to the last bytes of the next, which wait for it at the gate.
const GATE_MS = 2;

/** One function with a network card of its own. */
export class Worker {
  readonly #in: Link;
  readonly #out: Link;

  constructor(
    private readonly time: SimulatedTime,
    private readonly network: Network,
    private readonly schedule: Schedule,
  ) {
    const { card, fromS3, toEcr } = network;
    this.#in = new Link(time, { card, connection: fromS3 });
    this.#out = new Link(time, { card, connection: toEcr });
  }

  /** Sends the parts of one layer, as `sendParts` does: in order, read ahead, committed one after another. */
  async sendParts(size: number): Promise<void> {
    const { window, ahead } = this.schedule;
    const held = new Slots(window + ahead);
    const flying = new Slots(window);
    let read = Promise.resolve();
    let committed = Promise.resolve();
    for (let part = partAt(0, size, USUAL_PART_SIZE); part; part = partAt(part.lastByte + 1, size, USUAL_PART_SIZE)) {
      const bytes = part.lastByte - part.firstByte + 1;
      await held.take();
      read = read.then(() => this.#get(bytes));
      const sent = read.then(() => flying.take()).then(() => this.#out.transfer(bytes * ON_THE_WIRE));
      committed = this.#commit(sent, committed).finally(() => {
        flying.give();
        held.give();
      });
    }
    await committed;
  }

  async #get(bytes: number): Promise<void> {
    await this.time.sleep(this.network.firstByte);
    await this.#in.transfer(bytes);
  }

  async #commit(sent: Promise<void>, before: Promise<void>): Promise<void> {
    await Promise.all([sent, before]);
    await this.time.sleep(this.network.commit + GATE_MS);
  }
}

/** So many at once; who comes first goes first. */
class Slots {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  take(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((go) => this.#waiting.push(go));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
