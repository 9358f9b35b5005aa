import { parentPort } from 'node:worker_threads';
import { gzipBlock } from '../../image/gzip-block';

// The whole program of a worker thread: a block in, a gzip member out.
parentPort?.on('message', (block: Uint8Array) => {
  const member = gzipBlock(block);
  parentPort?.postMessage(member, [member.buffer]);
});
