import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { synthesizeBed } from './fault-bed';
import type { FaultPlan } from './fault-plan';
import type { Order, Result } from './sweep-worker';

const WORKER = join(__dirname, 'sweep-worker.ts');

/**
 * Runs the plans on several beds side by side, each plan on a bed of its concurrency; results in the order of the plans.
 * @param told of each result as it comes
 */
export async function sweep(
  plans: readonly FaultPlan[],
  beds: number,
  told: (result: Result) => void,
): Promise<Result[]> {
  const results = new Array<Result>(plans.length);
  for (const concurrency of new Set(plans.map((plan) => plan.concurrency))) {
    const waiting = plans.map((plan, at) => ({ plan, at })).filter(({ plan }) => plan.concurrency === concurrency);
    const assembly = synthesizeBed(concurrency);
    const lanes = Array.from({ length: Math.min(beds, waiting.length) }, async (_, salt) => {
      const worker = await startWorker({ assembly, salt });
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const result = await ask<Result>(worker, { plan: next.plan });
        results[next.at] = result;
        told(result);
      }
      worker.disconnect();
      await once(worker, 'exit');
    });
    await Promise.all(lanes);
  }
  return results;
}

async function startWorker(order: Order): Promise<ChildProcess> {
  const worker = fork(WORKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await ask(worker, order);
  return worker;
}

async function ask<T>(worker: ChildProcess, order: Order): Promise<T> {
  const answered = new AbortController();
  const { signal } = answered;
  worker.send(order);
  try {
    const reply = once(worker, 'message', { signal });
    const gone = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`a bed ended with ${code}`);
    });
    const [message] = await Promise.race([reply, gone]);
    return message as T;
  } finally {
    answered.abort();
  }
}
