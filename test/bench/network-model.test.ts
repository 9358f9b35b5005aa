import fc from 'fast-check';
import { drainDrops } from '../../bench/model/drops';
import { idealTime, uploadTime } from '../../bench/model/image-upload';
import { Link } from '../../bench/model/link';
import { network } from '../../bench/model/network';
import { pushLaw } from '../../bench/model/push-law';
import { SimulatedTime } from '../../bench/model/simulated-time';
import { SCHEDULES, type Schedule } from '../../bench/model/worker';

const MB = 1e6;
const gated = SCHEDULES.at(-1) as Schedule;

/** When transfers that begin at these times have arrived, in milliseconds. */
async function arrivals(begins: readonly { at: number; bytes: number }[]): Promise<number[]> {
  const time = new SimulatedTime();
  const link = new Link(time, { card: 100 * MB, connection: 75 * MB });
  const arrived: number[] = [];
  await time.run(() =>
    Promise.all(
      begins.map(async ({ at, bytes }, index) => {
        await time.sleep(at);
        await link.transfer(bytes);
        arrived[index] = Math.round(time.now());
      }),
    ),
  );
  return arrived;
}

test('one transfer goes as fast as its connection, two share the card', async () => {
  expect(await arrivals([{ at: 0, bytes: 75 * MB }])).toEqual([1000]);
  expect(await arrivals([0, 0].map((at) => ({ at, bytes: 50 * MB })))).toEqual([1000, 1000]);
});

test('what is left of a transfer goes faster when the other one has ended', async () => {
  // 25 MB alone, 25 MB beside the other one, whose last 50 MB go alone.
  expect(
    await arrivals([
      { at: 0, bytes: 50 * MB },
      { at: 333.333, bytes: 75 * MB },
    ]),
  ).toEqual([833, 1500]);
});

test('no order and no schedule is faster than the ideal', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 * MB }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.constantFrom(...SCHEDULES), async (layers, schedule) => {
      const model = network(100);
      expect(await uploadTime(layers, model, schedule)).toBeGreaterThanOrEqual(idealTime(layers, model));
    }),
    { numRuns: 20 },
  );
});

test('a part that is read ahead shortens an upload, and a second one in flight does again', async () => {
  const times = await Promise.all(SCHEDULES.map((schedule) => uploadTime([500 * MB], network(100), schedule)));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect((times[2] ?? 0) / (times[1] ?? 0)).toBeLessThan(0.75);
});

test('the longer a part is committed, the less of the network is used', async () => {
  const times = await Promise.all([50, 300].map((commit) => uploadTime([500 * MB], network(commit), gated)));
  expect(times[1]).toBeGreaterThan(times[0] as number);
});

test('small layers cost one pack, large ones states of their own', async () => {
  const small = await pushLaw([1_000, 10 * MB, 20 * MB], 0);
  const large = await pushLaw([1_000, 200 * MB, 300 * MB], 0);
  expect(large.transitions - small.transitions).toBe(2 + 2 * (7 + 3) + 2);
  expect(large.invocations - small.invocations).toBe(2 * 3 + 1);
  expect(large.gbSeconds).toBeGreaterThan(small.gbSeconds);
});

test('a thousand drops within a minute all end, and PutImage is what they wait for', async () => {
  const { failed, throttled, seconds } = await drainDrops();
  expect(failed).toBe(0);
  expect(Object.keys(throttled)).toEqual(['PutImage']);
  expect(seconds).toBeGreaterThan(60);
});
