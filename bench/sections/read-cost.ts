import type { RequestListener } from 'node:http';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { loopbackServer } from '../measure/loopback-server';
import { median } from '../measure/median';

const PIECE = Buffer.alloc(1024 * 1024, 'object');

/** What a MiB of an object costs to read, in ms of CPU: by the SDK alone and as the product reads, in turn. */
export async function readCost(rounds: number): Promise<Record<'stock' | 'ours', number>> {
  const program = bundledProgram('read-ranges');
  const { environment, close } = await loopbackServer(answerRange);
  const runs = { stock: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ['stock', 'ours'] as const) {
      const { output } = await runMeasured([process.execPath, program, way], environment);
      runs[way].push(JSON.parse(output.slice(0, output.indexOf('\n'))).cpuMsPerMib as number);
    }
  }
  close();
  return { stock: median(runs.stock), ours: median(runs.ours) };
}

/** Answers a ranged GET at once and from memory. */
const answerRange: RequestListener = (request, response) => {
  const [, first = 0, last = 0] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')?.map(Number) ?? [];
  const length = last - first + 1;
  const range = { 'Content-Length': length, 'Content-Range': `bytes ${first}-${last}/*`, ETag: '"e"' };
  response.writeHead(206, range);
  for (let at = 0; at < length; at += PIECE.length) response.write(PIECE.subarray(0, length - at));
  response.end();
};
