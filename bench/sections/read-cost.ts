import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { median } from '../measure/median';

const PIECE = Buffer.alloc(1024 * 1024, 'object');

/** What a MiB of an object costs to read, in ms of CPU: by the SDK alone and as the product reads, in turn. */
export async function readCost(rounds: number): Promise<Record<'stock' | 'ours', number>> {
  const program = bundledProgram('read-ranges');
  const { endpoint, close } = await startSource();
  const runs = { stock: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ['stock', 'ours'] as const) {
      const { output } = await runMeasured([process.execPath, program, way], {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      });
      runs[way].push(JSON.parse(output.slice(0, output.indexOf('\n'))).cpuMsPerMib as number);
    }
  }
  close();
  return { stock: median(runs.stock), ours: median(runs.ours) };
}

/** Answers every ranged GET, at once and from memory. */
async function startSource(): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((request, response) => {
    const [, first = 0, last = 0] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')?.map(Number) ?? [];
    const length = last - first + 1;
    const range = { 'Content-Length': length, 'Content-Range': `bytes ${first}-${last}/*`, ETag: '"e"' };
    response.writeHead(206, range);
    for (let at = 0; at < length; at += PIECE.length) response.write(PIECE.subarray(0, length - at));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
