import { setTimeout as wait } from 'node:timers/promises';

/** The only source of time; `now` is epoch milliseconds. `sleep` ends early, by rejecting, when the signal aborts. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    const end = Date.now() + ms;
    do {
      // A longer timer than 2^31-1 ms fires at once; States Language waits may be years.
      await wait(Math.min(Math.max(0, end - Date.now()), LONGEST_TIMER), undefined, { signal });
    } while (Date.now() < end);
  },
};

const LONGEST_TIMER = 2 ** 31 - 1;
