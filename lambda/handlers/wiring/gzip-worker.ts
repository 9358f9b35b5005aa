import { parentPort } from 'node:worker_threads';
import { gzipBlock } from '../../image/gzip-block';
import type { Block } from '../../image/gzip-layer';

// The whole program of a worker thread: a block in, a gzip member out, in the same memory.
parentPort?.on('message', (block: Block) => {
  const member = gzipBlock(block);
  parentPort?.postMessage(member, [member.buffer]);
});
