import type { BilledCounts } from '../../lambda/upload/list-prices';
import {
  countsOf,
  MOVING_GIGABYTES,
  SENDING_SECONDS,
  s3CallsOf,
  type WorkflowCounts,
} from '../../lambda/upload/workflow-counts';
import { isPlain, packedLayers } from './packed-layers';
import type { PlanImage, PlanLayer } from './planned-push';

/** What a push takes, where nothing goes wrong. */
export type Workload = WorkflowCounts & BilledCounts;

/**
 * Bytes a second of one function, by the model of the network that the benchmark has: parts sent with one read ahead, and
 * a layer read through. A test holds the cost that comes of it against the law of the benchmark.
 */
const SENDING = 36e6;
const READING = 75e6;
/** Bytes a second that two processors compress, by the CPU that `npm run bench -- --only compression` measures. */
const STAGING = 160e6;

/** GB of memory of the function that compresses. */
const STAGING_GIGABYTES = 3.5;
/** GB-seconds of one invocation, beside the bytes that it moves. */
const IDLE = 0.15;

/** What the push of these images takes. */
export function workloadOf(images: readonly Pick<PlanImage, 'layers'>[]): Workload {
  const counts = countsOf(
    images.map(({ layers }) => {
      const packed = packedLayers(layers);
      const alone = packed.alone.map((index) => layers[index]?.size ?? 0);
      const again = sum(alone.map((size) => Math.floor(size / SENDING / SENDING_SECONDS)));
      return { plainLayers: layers.filter(isPlain).length, packed, again };
    }),
  );
  const sent = images.flatMap(({ layers }) => layers.filter(({ skipped }) => !skipped));
  const early = sent.filter(({ sentEarly }) => sentEarly);
  const late = sent.filter(({ sentEarly }) => !sentEarly);
  const seconds = bytesOf(late) / SENDING + bytesOf(late.filter(({ verify }) => verify === 'first')) / READING;
  // Who sends what it compresses waits for the slower of the two.
  const staging = bytesOf(late.filter(({ staged }) => staged)) / STAGING + bytesOf(early) / Math.min(STAGING, SENDING);
  return {
    ...counts,
    gbSeconds: counts.invocations * IDLE + seconds * MOVING_GIGABYTES + staging * STAGING_GIGABYTES,
    ...s3CallsOf({ ...counts, images: images.length, layers: sent }),
  };
}

function bytesOf(layers: readonly PlanLayer[]): number {
  return sum(layers.map(({ size }) => size));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
