/** What a bucket reads the time from, in milliseconds, and waits by. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** How many calls may go. */
export interface Rate {
  readonly perSecond: number;
  /** Calls that may go at once after a pause; so in no second more than `perSecond + burst` do. */
  readonly burst: number;
}

/** Lets calls go at a steady rate, in the order they come. */
export class TokenBucket {
  readonly #interval: number;
  readonly #saved: number;
  /** When the next token is there. */
  #due = Number.NEGATIVE_INFINITY;

  constructor(
    { perSecond, burst }: Rate,
    private readonly clock: Clock,
  ) {
    this.#interval = 1000 / perSecond;
    this.#saved = this.#interval * (burst - 1);
  }

  /** Waits for a token, and takes it. */
  async take(): Promise<void> {
    const now = this.clock.now();
    this.#due = Math.max(this.#due, now - this.#saved);
    const wait = this.#due - now;
    this.#due += this.#interval;
    if (wait > 0) await this.clock.sleep(wait);
  }
}
