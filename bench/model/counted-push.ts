import { subscribe } from 'node:diagnostics_channel';
import { rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeArchive, type Shape } from '../archives';
import { LocalSlipway } from '../local-slipway';
import type { PushCounts } from './push-law';

/** One real push on the local AWS, and what it took. */
export interface CountedPush {
  readonly shape: Shape;
  /** Of the config and the layers. */
  readonly sizes: readonly number[];
  readonly counts: PushCounts;
  /** GB-seconds of one invocation that moves no layer. */
  readonly idle: number;
}

const MOVING = new Set(['UploadSmallLayers', 'UploadLayerParts', 'VerifyPack', 'StageLayer']);

/** Pushes images of these shapes by the product's own functions, warm, and counts. */
export async function countedPushes(shapes: readonly Shape[]): Promise<CountedPush[]> {
  const folder = join(tmpdir(), 'slipway-bench');
  const dataDir = join(folder, 'counted');
  rmSync(dataDir, { recursive: true, force: true });
  const requests = new S3Requests();
  const slipway = await LocalSlipway.start(dataDir);
  try {
    const counted: CountedPush[] = [];
    // The first one starts the functions.
    for (const shape of [...shapes.slice(0, 1), ...shapes]) {
      const archive = await makeArchive(join(folder, 'archives'), shape);
      await slipway.put(archive);
      const repository = `counted/${counted.length}`;
      await slipway.createRepository(repository);
      const before = used(slipway);
      requests.take();
      const executionArn = await slipway.push(archive, repository, {});
      const after = used(slipway);
      const invocations = after.invocations - before.invocations;
      const gbSeconds = after.gbSeconds - before.gbSeconds;
      const counts = { invocations, gbSeconds, ...requests.take(), ...(await slipway.counted(executionArn)) };
      const sizes = await slipway.blobSizes(repository);
      const idle = (after.idle - before.idle) / (after.idleInvocations - before.idleInvocations);
      counted.push({ shape, sizes, counts, idle });
      await slipway.deleteRepository(repository);
    }
    return counted.slice(1);
  } finally {
    await slipway.cloud.close();
  }
}

/** What all functions have used so far; `idle` is of those that move no layers. */
function used({ cloud }: LocalSlipway) {
  const all = cloud.measure().map((each) => ({ ...each, gbSeconds: (each.billedMs * each.memorySize) / 1024 / 1000 }));
  const idle = all.filter(({ step }) => !MOVING.has(step));
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    invocations: sum(all.map(({ invocations }) => invocations)),
    gbSeconds: sum(all.map(({ gbSeconds }) => gbSeconds)),
    idle: sum(idle.map(({ gbSeconds }) => gbSeconds)),
    idleInvocations: sum(idle.map(({ invocations }) => invocations)),
  };
}

/** Counts the requests that S3 bills. */
class S3Requests {
  #reads = 0;
  #writes = 0;

  constructor() {
    subscribe('http.server.request.start', (message) => {
      const { method = '', url = '', headers } = (message as { request: IncomingMessage }).request;
      const isS3 = headers['x-amz-target'] === undefined && !url.startsWith('/v2') && !url.startsWith('/2015');
      if (!isS3) return;
      if (method === 'GET' || method === 'HEAD') this.#reads += 1;
      else if (method === 'PUT' || method === 'POST') this.#writes += 1;
    });
  }

  take(): { reads: number; writes: number } {
    const count = { reads: this.#reads, writes: this.#writes };
    this.#reads = 0;
    this.#writes = 0;
    return count;
  }
}
