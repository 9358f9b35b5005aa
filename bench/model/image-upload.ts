import { shareOf } from '../../lambda/aws/ecr-quotas';
import { TokenBucket } from '../../lambda/aws/token-bucket';
import { LARGEST_PACKED_LAYER } from '../../lambda/contract/packing';
import { inParallel } from '../../lambda/image/in-parallel';
import { packMissing } from '../../lambda/upload/pack-layers';
import { sideBySide } from '../../lambda/upload/side-by-side';
import { type Network, ON_THE_WIRE } from './network';
import { SimulatedTime } from './simulated-time';
import { type Schedule, Worker } from './worker';

/** Workers of one push: the default of the construct. */
export const WORKERS = 6;

/** Milliseconds that the UploadLayers map of an image takes: packs, order, lanes and quotas are the product's own. */
export function uploadTime(sizes: readonly number[], network: Network, schedule: Schedule): Promise<number> {
  const time = new SimulatedTime();
  const { packs, alone } = packMissing(
    sizes.map((size, index) => ({ index, size, verify: 'not' as const })),
    LARGEST_PACKED_LAYER,
  );
  const sizeOf = (index: number) => sizes[index] ?? 0;
  const worker = () => new Worker(time, network, schedule);
  const items = [
    ...alone.map((index) => () => uploadAlone(sizeOf(index), worker(), time, network)),
    ...packs.map((pack) => () => uploadPack(pack.map(sizeOf), worker(), time, network)),
  ];
  return time.run(() => inParallel(items, WORKERS, (upload) => upload()));
}

async function uploadAlone(size: number, worker: Worker, time: SimulatedTime, network: Network): Promise<void> {
  const { invocation, call, complete } = network;
  await time.sleep(invocation + call);
  await time.sleep(invocation);
  await worker.sendParts(size);
  await time.sleep(invocation + complete + call);
}

async function uploadPack(
  sizes: readonly number[],
  worker: Worker,
  time: SimulatedTime,
  { invocation, call, complete }: Network,
): Promise<void> {
  const initiate = new TokenBucket(shareOf('InitiateLayerUpload', WORKERS), time);
  const layers = sizes.map((size) => ({ size }));
  await time.sleep(invocation + call);
  await sideBySide(layers, async ({ size }) => {
    await initiate.take();
    await time.sleep(call);
    await worker.sendParts(size);
    await time.sleep(complete);
  });
  await time.sleep(call);
}

/**
 * Least milliseconds that any order could take with so many network cards that do nothing but send: a layer goes over
 * one card, and two of the largest `WORKERS + 1` share one.
 */
export function idealTime(sizes: readonly number[], { card }: Network): number {
  const sorted = [...sizes].sort((a, b) => b - a);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shared = sorted.flatMap((_, at) => {
    const rounds = Math.floor(at / WORKERS) + 1;
    const least = sorted.slice(at + 1 - rounds, at + 1);
    return at % WORKERS === 0 ? least.reduce((sum, size) => sum + size, 0) : [];
  });
  return (Math.max(total / WORKERS, ...shared) * ON_THE_WIRE * 1000) / card;
}
