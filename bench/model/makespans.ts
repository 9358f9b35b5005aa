import { idealTime, uploadTime } from './image-upload';
import { IMAGE_BYTES, LARGEST_LAYER, LAYER_COUNTS, layerSizes, sizeName } from './layer-sizes';
import { network, SLOW_CONNECTION } from './network';
import { SCHEDULES } from './worker';

const COMMIT_MS = [50, 100, 200, 300];

/** How long the layers of one image took, against what the network cards could do. */
export interface Makespan {
  readonly image: string;
  readonly layers: number;
  readonly shape: 'equal' | 'skewed';
  readonly commitMs: number;
  readonly schedule: string;
  readonly seconds: number;
  /** Ideal time over this one: 1 is the limit. */
  readonly ofLimit: number;
}

/** Every image size, number of layers, commit latency and schedule, in simulated time. */
export async function makespans(): Promise<Makespan[]> {
  const all: Makespan[] = [];
  for (const bytes of IMAGE_BYTES) {
    for (const layers of LAYER_COUNTS) {
      for (const shape of layers === 1 ? (['equal'] as const) : (['equal', 'skewed'] as const)) {
        const isSent = Math.max(...layerSizes(bytes, layers, shape)) <= LARGEST_LAYER;
        if (isSent) all.push(...(await atEachLatency({ bytes, layers, shape })));
      }
    }
  }
  return all;
}

/** One layer of 10 GB where a connection to ECR carries less than the network card. */
export function slowConnections(): Promise<Makespan[]> {
  return atEachLatency({ bytes: 10e9, layers: 1, shape: 'equal' }, SLOW_CONNECTION);
}

async function atEachLatency(
  { bytes, layers, shape }: { bytes: number; layers: number; shape: Makespan['shape'] },
  toEcr?: number,
): Promise<Makespan[]> {
  const sizes = layerSizes(bytes, layers, shape);
  const all: Makespan[] = [];
  for (const commitMs of COMMIT_MS) {
    for (const schedule of SCHEDULES) {
      const model = network(commitMs, toEcr);
      const ms = await uploadTime(sizes, model, schedule);
      const [seconds, ofLimit] = [ms / 1000, idealTime(sizes, model) / ms];
      all.push({ image: sizeName(bytes), layers, shape, commitMs, schedule: schedule.name, seconds, ofLimit });
    }
  }
  return all;
}
