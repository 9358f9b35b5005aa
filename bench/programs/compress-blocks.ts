import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { gzipBlock } from '../../lambda/image/gzip-block';
import { BLOCK_ROOM } from '../../lambda/image/gzip-layer';

// Compresses the blocks of a file by the product's encoder and by the zlib of Node, and prints what that cost.
const [, , way, file = ''] = process.argv;
const MIB = 1024 * 1024;
const WARM_UP = 4;

const bytes = readFileSync(file);
const blocks = Array.from({ length: Math.floor(bytes.length / MIB) }, (_, at) =>
  bytes.subarray(at * MIB, (at + 1) * MIB),
);
const memory = new ArrayBuffer(BLOCK_ROOM);
const ours = (bytes: Uint8Array) => {
  const block = new Uint8Array(memory, 0, bytes.length);
  block.set(bytes);
  return gzipBlock(block);
};
const compress = way === 'zlib' ? (block: Uint8Array) => gzipSync(block, { level: 1 }) : ours;

for (const block of blocks.slice(0, WARM_UP)) compress(block);
const from = process.cpuUsage();
const size = blocks.reduce((sum, block) => sum + compress(block).length, 0);
const { user, system } = process.cpuUsage(from);
console.log(
  JSON.stringify({ cpuMsPerMib: (user + system) / 1e3 / blocks.length, sizeRatio: size / (blocks.length * MIB) }),
);
