import type { Clock } from '../../../local/states';

/** A clock that jumps: once nothing else can go on, time leaps to the end of the shortest sleep. */
export class JumpingClock implements Clock {
  /** Every sleep that ran to its end, in milliseconds and in order. */
  readonly slept: number[] = [];
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { until: number; ms: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { until: this.#now + ms, ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
      setImmediate(() => setImmediate(() => this.#jump()));
    });
  }

  #jump(): void {
    const [first] = this.#sleepers.toSorted((a, b) => a.until - b.until);
    if (first === undefined) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== first);
    this.#now = first.until;
    this.slept.push(first.ms);
    first.wake();
  }
}

/** A clock that stands still until it is told to go on: sleeps of some length end by `advance` alone. */
export class StandingClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#sleepers.filter((sleeper) => sleeper.until <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.until > this.#now);
    for (const sleeper of due) sleeper.wake();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ until: this.#now + ms, wake: resolve });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
}
