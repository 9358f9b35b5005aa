import type { EnvironmentName } from '../contract/environment';
import { type Rate, TokenBucket } from './token-bucket';

/** Calls a second that ECR takes from one account in one region: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const QUOTAS = { InitiateLayerUpload: 100, UploadLayerPart: 500, CompleteLayerUpload: 100, PutImage: 10 };

type PacedOperation = keyof typeof QUOTAS;

// What may go at once after a pause is taken from the steady rate: in no second do more calls go than the quota says.
const BURST = 0.2;

const CONCURRENCY = 'SLIPWAY_LAYER_CONCURRENCY' satisfies EnvironmentName;

/** One worker's share of a quota; images are put by one worker at a time, layers are sent by `workers` side by side. */
export function shareOf(operation: PacedOperation, workers: number): Rate {
  const share = QUOTAS[operation] / (operation === 'PutImage' ? 1 : workers);
  const burst = Math.max(1, share * BURST);
  return { perSecond: share - burst, burst };
}

/** Waits until this worker may make one more call: one push on its own never makes ECR throttle the account. */
export async function quota(operation: PacedOperation): Promise<void> {
  let bucket = buckets.get(operation);
  if (!bucket) {
    bucket = new TokenBucket(shareOf(operation, Number(process.env[CONCURRENCY] ?? 1)), CLOCK);
    buckets.set(operation, bucket);
  }
  await bucket.take();
}

// As long as the function's environment lives.
const buckets = new Map<PacedOperation, TokenBucket>();

const CLOCK = {
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};
