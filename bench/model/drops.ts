import { shareOf } from '../../lambda/aws/ecr-quotas';
import { TokenBucket } from '../../lambda/aws/token-bucket';
import { inParallel } from '../../lambda/image/in-parallel';
import { WORKERS } from './image-upload';
import { network } from './network';
import { SimulatedTime } from './simulated-time';

/** What became of many drops at once. */
export interface DrainedDrops {
  readonly drops: number;
  /** From the first drop to the end of the last push. */
  readonly seconds: number;
  readonly failed: number;
  /** Calls that ECR throttled, by operation. */
  readonly throttled: Readonly<Record<string, number>>;
  /** Steps that Step Functions tried again. */
  readonly retriedSteps: number;
  /** Most functions that ran at once: an account has 1,000 unless it asked for more. */
  readonly mostFunctions: number;
}

const DROPS = 1_000;
const WITHIN_MS = 60_000;
const LAYERS = 6;
const QUOTAS = { InitiateLayerUpload: 100, UploadLayerPart: 500, CompleteLayerUpload: 100, PutImage: 10 } as const;
type Operation = keyof typeof QUOTAS;

// The SDK: three tries, half a second and twice as long again after a throttled one, by chance less.
const SDK = { tries: 3, base: 500 };
// lib/retry-policies.ts on Throttled.
const STEP = { tries: 26, base: 2_000, most: 600_000 };

class Throttled extends Error {
  override readonly name = 'Throttled';
}

/** Pushes of a thousand small images, six layers each, dropped within a minute, against one account's quotas. */
export async function drainDrops(): Promise<DrainedDrops> {
  const account = new Account();
  const { time } = account;
  const drops = Array.from({ length: DROPS }, async (_, at) => {
    await time.sleep((at * WITHIN_MS) / DROPS);
    await push(account).catch(() => {
      account.failed += 1;
    });
  });
  const ms = await time.run(() => Promise.all(drops));
  const { failed, throttled, retriedSteps, mostFunctions } = account;
  return { drops: DROPS, seconds: ms / 1000, failed, throttled, retriedSteps, mostFunctions };
}

async function push(account: Account): Promise<void> {
  for (let step = 0; step < 4; step++) await account.step(async () => account.call());
  const done = new Set<number>();
  const layers = Array.from({ length: LAYERS }, (_, at) => at);
  const buckets = new Map<Operation, TokenBucket>();
  const call = async (operation: Operation, workers: number) => {
    const bucket = buckets.get(operation) ?? new TokenBucket(shareOf(operation, workers), account.time);
    buckets.set(operation, bucket);
    await bucket.take();
    await account.call(operation);
  };
  await account.step(() =>
    inParallel(
      layers.filter((layer) => !done.has(layer)),
      LAYERS,
      async (layer) => {
        for (const operation of ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'] as const) {
          await call(operation, WORKERS);
        }
        done.add(layer);
      },
    ),
  );
  const put = new Set<string>();
  await account.step(async () => {
    for (const image of ['digest', 'tag'].filter((one) => !put.has(one))) {
      await call('PutImage', 1);
      put.add(image);
    }
  });
  await account.step(async () => account.call());
}

/** One account: its quotas, and how it is used. */
class Account {
  readonly time = new SimulatedTime();
  readonly throttled: Record<string, number> = {};
  failed = 0;
  retriedSteps = 0;
  mostFunctions = 0;
  #functions = 0;
  #seed = 1;
  readonly #tokens = new Map<Operation, { left: number; at: number }>();

  /** A step of the workflow: tried again, after a while, when it was throttled. */
  async step(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries++) {
      await this.time.sleep(network(100).invocation);
      this.#functions += 1;
      this.mostFunctions = Math.max(this.mostFunctions, this.#functions);
      try {
        await work();
        return;
      } catch (error) {
        if (!(error instanceof Throttled) || tries === STEP.tries) throw error;
      } finally {
        this.#functions -= 1;
      }
      this.retriedSteps += 1;
      await this.time.sleep(this.#chance() * Math.min(STEP.most, STEP.base * 2 ** tries));
    }
  }

  /** A call as the SDK makes it; without an operation one that has no tight quota. */
  async call(operation?: Operation): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.time.sleep(network(100).call);
      if (operation === undefined || this.#admit(operation)) return;
      this.throttled[operation] = (this.throttled[operation] ?? 0) + 1;
      if (tries === SDK.tries) throw new Throttled();
      await this.time.sleep(this.#chance() * SDK.base * 2 ** (tries - 1));
    }
  }

  #admit(operation: Operation): boolean {
    const quota = QUOTAS[operation];
    const now = this.time.now();
    const { left, at } = this.#tokens.get(operation) ?? { left: quota, at: now };
    const there = Math.min(quota, left + ((now - at) * quota) / 1000);
    this.#tokens.set(operation, { left: there < 1 ? there : there - 1, at: now });
    return there >= 1;
  }

  /** The same numbers in every run. */
  #chance(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}
