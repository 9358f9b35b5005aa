import { shareOf } from '../../../lambda/aws/ecr-quotas';
import { TokenBucket } from '../../../lambda/aws/token-bucket';

/** A clock whose time is what was slept. */
class SleptClock {
  time = 0;
  readonly now = () => this.time;
  readonly sleep = async (ms: number) => {
    this.time += ms;
  };
}

/** When each of so many calls went, each waiting for the one before it. */
async function times(count: number, rate: { perSecond: number; burst: number }, before = 0): Promise<number[]> {
  const clock = new SleptClock();
  const bucket = new TokenBucket(rate, clock);
  for (let call = 0; call < before; call++) await bucket.take();
  clock.time += before > 0 ? 60_000 : 0;
  const went: number[] = [];
  for (let call = 0; call < count; call++) {
    await bucket.take();
    went.push(clock.time);
  }
  return went;
}

/** Most calls within any second. */
function busiest(went: readonly number[]): number {
  return Math.max(...went.map((from) => went.filter((at) => at >= from && at < from + 1000).length));
}

test('after a burst calls go at the steady rate', async () => {
  expect(await times(5, { perSecond: 10, burst: 2 })).toEqual([0, 0, 100, 200, 300]);
});

test('a pause saves up one burst and no more', async () => {
  const went = await times(4, { perSecond: 10, burst: 2 }, 3);
  expect(went.map((at) => at - (went[0] ?? 0))).toEqual([0, 0, 100, 200]);
});

test('calls that come at once go one after another, in their order', async () => {
  const clock = { now: () => 0, sleep: (ms: number) => new Promise<void>((resolve) => waits.push([ms, resolve])) };
  const waits: [number, () => void][] = [];
  const bucket = new TokenBucket({ perSecond: 10, burst: 1 }, clock);
  const all = [1, 2, 3].map(() => bucket.take());
  await all[0];
  expect(waits.map(([ms]) => ms)).toEqual([100, 200]);
  for (const [, wake] of waits) wake();
  await Promise.all(all);
});

test.each([
  ['InitiateLayerUpload', 6, 100],
  ['InitiateLayerUpload', 40, 100],
  ['CompleteLayerUpload', 6, 100],
  ['UploadLayerPart', 40, 500],
  ['PutImage', 6, 10],
] as const)('%s: %d workers together make at most %d calls in any second', async (operation, workers, quota) => {
  const calls = busiest(await times(200, shareOf(operation, workers)));
  expect(calls * (operation === 'PutImage' ? 1 : workers)).toBeLessThanOrEqual(quota);
});
