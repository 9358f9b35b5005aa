import type { SimulatedTime } from './simulated-time';

interface Transfer {
  left: number;
  readonly arrived: () => void;
}

/** One direction of a function's network card: what is under way shares it evenly, each within a connection's limit. */
export class Link {
  readonly #underway = new Set<Transfer>();
  #since = 0;
  #change = 0;

  /** @param bytesPerSecond of the card, and of one connection */
  constructor(
    private readonly time: SimulatedTime,
    private readonly bytesPerSecond: { readonly card: number; readonly connection: number },
  ) {}

  /** Waits until the bytes have gone over the link. */
  transfer(bytes: number): Promise<void> {
    return new Promise((arrived) => {
      this.#advance();
      this.#underway.add({ left: bytes, arrived });
      this.#awaitNext();
    });
  }

  get #rate(): number {
    const { card, connection } = this.bytesPerSecond;
    return Math.min(connection, card / this.#underway.size) / 1000;
  }

  #advance(): void {
    const passed = (this.time.now() - this.#since) * this.#rate;
    this.#since = this.time.now();
    if (this.#underway.size > 0) for (const transfer of this.#underway) transfer.left -= passed;
  }

  async #awaitNext(): Promise<void> {
    const change = ++this.#change;
    if (this.#underway.size === 0) return;
    const least = Math.min(...[...this.#underway].map(({ left }) => left));
    await this.time.sleep(Math.max(0, least) / this.#rate);
    // Another one began or ended meanwhile: its own wait goes on from there.
    if (change !== this.#change) return;
    this.#advance();
    for (const transfer of [...this.#underway]) {
      if (transfer.left > 1e-3) continue;
      this.#underway.delete(transfer);
      transfer.arrived();
    }
    this.#awaitNext();
  }
}
