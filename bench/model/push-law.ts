import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import { packMissing } from '../../lambda/upload/pack-layers';
import { USUAL_PART_SIZE } from '../../lambda/upload/part-plan';
import { network } from './network';
import { SimulatedTime } from './simulated-time';
import { SCHEDULES, Worker } from './worker';

/** What one push takes of what AWS bills, and of the history. */
export interface PushCounts {
  readonly transitions: number;
  readonly events: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly reads: number;
  readonly writes: number;
}

/**
 * List prices in US dollars, us-east-1: a state transition of a Standard workflow, a GB-second on arm64, an invocation,
 * a GET and a PUT of S3. https://aws.amazon.com/step-functions/pricing/ https://aws.amazon.com/lambda/pricing/
 * https://aws.amazon.com/s3/pricing/
 */
const PRICES = { transition: 25e-6, gbSecond: 13.3334e-6, invocation: 0.2e-6, read: 0.4e-6, write: 5e-6 };

/** Dollars at list prices; inside one region the bytes themselves cost nothing. */
export function costOf({ transitions, invocations, gbSeconds, reads, writes }: PushCounts): number {
  const { transition, gbSecond, invocation, read, write } = PRICES;
  return transitions * transition + gbSeconds * gbSecond + invocations * invocation + reads * read + writes * write;
}

// The states of an image without layers, from the start of the execution to its end.
const STATES = { push: 12, unverified: 1, pack: 2, alone: 7, again: 2 };
const EVENTS = { push: 51, unverified: 7, pack: 9, alone: 25, again: 7 };
const INVOCATIONS = { push: 5, unverified: 1, pack: 1, alone: 3, again: 1 };

const GIGABYTES_MOVING = 0.5;
const READ_WINDOW = 8 * 1024 ** 2;
// Of the 15 minutes of a function, less what a part may need.
const INVOCATION_SECONDS = 700;

/** What a push of layers of these sizes takes; `idle` is what one invocation takes beside the bytes it moves, in GB-seconds. */
export async function pushLaw(sizes: readonly number[], idle: number): Promise<PushCounts> {
  const packed = packMissing(
    sizes.map((size, index) => ({ index, size, verified: false })),
    LARGEST_PACKED_LAYER,
  );
  const seconds = await Promise.all(packed.alone.map((index) => secondsOf(sizes[index] ?? 0)));
  const again = seconds.reduce((sum, one) => sum + Math.floor(one.sending / INVOCATION_SECONDS), 0);
  const count = ({ push, unverified, pack, alone, again: more }: typeof STATES) =>
    push +
    unverified * packed.unverified.length +
    pack * packed.packs.length +
    alone * packed.alone.length +
    more * again;
  const invocations = count(INVOCATIONS);
  const moving = await Promise.all(sizes.map(secondsOf));
  const movingSeconds = moving.reduce((sum, { sending, reading }) => sum + sending + reading, 0);
  const pieces = (size: number) => Math.ceil(size / USUAL_PART_SIZE) + Math.ceil(size / READ_WINDOW);
  return {
    transitions: count(STATES),
    events: count(EVENTS),
    invocations,
    gbSeconds: invocations * idle + movingSeconds * GIGABYTES_MOVING,
    reads: invocations + sizes.reduce((sum, size) => sum + pieces(size), 8),
    writes: 4,
  };
}

/** Seconds that one function takes to send a layer and to read it through, at 100 ms commit latency. */
async function secondsOf(size: number): Promise<{ sending: number; reading: number }> {
  const time = new SimulatedTime();
  const worker = new Worker(time, network(100), SCHEDULES[1] as (typeof SCHEDULES)[number]);
  const sending = (await time.run(() => worker.sendParts(size))) / 1000;
  const reading = (await time.run(() => worker.read(size))) / 1000;
  return { sending, reading };
}
