/** Time that goes by as fast as it can: when all that runs waits, the clock jumps to what is due next. */
export class SimulatedTime {
  #now = 0;
  #order = 0;
  readonly #waiting = new Heap();

  /** Milliseconds since the beginning. */
  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => this.#waiting.push({ at: this.#now + Math.max(0, ms), order: this.#order++, wake }));

  /** Runs to its end what waits by this clock, and gives the time it took. */
  async run(work: () => Promise<unknown>): Promise<number> {
    const from = this.#now;
    let ended = false;
    const end = work().finally(() => {
      ended = true;
    });
    for (;;) {
      await new Promise(setImmediate);
      if (ended) break;
      const next = this.#waiting.pop();
      if (!next) throw new Error('all that runs waits for something that never comes');
      this.#now = next.at;
      next.wake();
    }
    await end;
    return this.#now - from;
  }
}

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** What is due first comes out first; of the same time, what came first. */
class Heap {
  readonly #items: Waiting[] = [];

  push(item: Waiting): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  pop(): Waiting | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.#items[0] = last;
    this.#sink(0);
    return first;
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < this.#items.length && this.#isBefore(below, least)) least = below;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#items[one] as Waiting, this.#items[other] as Waiting];
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#items[one] as Waiting, this.#items[other] as Waiting];
    this.#items[one] = b;
    this.#items[other] = a;
  }
}
