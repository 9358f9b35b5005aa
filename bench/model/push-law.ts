import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import type { BilledCounts } from '../../lambda/upload/list-prices';
import { packMissing } from '../../lambda/upload/pack-layers';
import { countsOf, MOVING_GIGABYTES, SENDING_SECONDS, s3CallsOf } from '../../lambda/upload/workflow-counts';
import { network } from './network';
import { SimulatedTime } from './simulated-time';
import { SCHEDULES, Worker } from './worker';

// The repository is there, and nothing is asked for.
const verify = 'sending';

/** What one push takes of what AWS bills, and of the history. */
export interface PushCounts extends BilledCounts {
  readonly events: number;
}

/** What a push of layers of these sizes takes; `idle` is what one invocation takes beside the bytes it moves, in GB-seconds. */
export async function pushLaw(sizes: readonly number[], idle: number): Promise<PushCounts> {
  const packed = packMissing(
    sizes.map((size, index) => ({ index, size, verify })),
    LARGEST_PACKED_LAYER,
  );
  const seconds = await Promise.all(packed.alone.map((index) => secondsOf(sizes[index] ?? 0)));
  const again = seconds.reduce((sum, one) => sum + Math.floor(one / SENDING_SECONDS), 0);
  const counts = countsOf([{ plainLayers: 0, packed, again }]);
  const moving = await Promise.all(sizes.map(secondsOf));
  const movingSeconds = moving.reduce((sum, sending) => sum + sending, 0);
  return {
    ...counts,
    gbSeconds: counts.invocations * idle + movingSeconds * MOVING_GIGABYTES,
    ...s3CallsOf({ ...counts, images: 1, layers: sizes.map((size) => ({ size, verify })) }),
  };
}

/** Seconds that one function takes to send a layer, at 100 ms commit latency. */
async function secondsOf(size: number): Promise<number> {
  const time = new SimulatedTime();
  const worker = new Worker(time, network(100), SCHEDULES[1] as (typeof SCHEDULES)[number]);
  return (await time.run(() => worker.sendParts(size))) / 1000;
}
