import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Block, BlockCompressor } from '../../image/gzip-layer';
import { processorsOf } from '../../upload/processors';

/** Bundled beside the handler: see lib/bundle-handlers.ts. */
const PROGRAM = join(__dirname, 'gzip-worker.js');

/** A thread for each processor that the function has; they live as long as the function's environment. */
export function gzipWorkers(memoryMib: number): BlockCompressor {
  const width = processorsOf(memoryMib, availableParallelism());
  idle ??= Array.from({ length: width }, startWorker);
  return { width, compress };
}

let idle: Worker[] | undefined;
const waiting: ((worker: Worker) => void)[] = [];

async function compress(block: Block): Promise<Block> {
  const worker = idle?.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
  try {
    const reply = once(worker, 'message');
    worker.postMessage(block, [block.buffer]);
    const [member] = (await reply) as [Block];
    release(worker);
    return member;
  } catch (error) {
    // A worker that emitted an error has ended: another takes its place, and the step is tried again.
    release(startWorker());
    throw error;
  }
}

function release(worker: Worker): void {
  const next = waiting.shift();
  if (next) next(worker);
  else idle?.push(worker);
}

function startWorker(): Worker {
  const worker = new Worker(PROGRAM, { resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 } });
  worker.unref();
  return worker;
}
