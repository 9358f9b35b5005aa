import type { RequestListener } from 'node:http';
import type { Goal } from '../goals';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { loopbackServer } from '../measure/loopback-server';
import { median } from '../measure/median';
import { ratioOf } from '../measure/ratio';

interface Cost {
  readonly round: number;
  readonly cpuMsPerPart: number;
  /** Growth of the resident set above the part itself, in parts. */
  readonly rssAbovePart: number;
}

/** What UploadLayerPart costs: the SDK alone against the product's sender, in turn, into a server that throws away. */
export async function partCost({ quick }: { readonly quick: boolean }): Promise<{ results: object; goals: Goal[] }> {
  const program = bundledProgram('send-parts');
  const { environment, close } = await loopbackServer(takePart);
  const runs = { stock: [] as Cost[], ours: [] as Cost[] };
  for (let round = 0; round < (quick ? 5 : 15); round += 1) {
    for (const way of ['stock', 'ours'] as const) {
      const command = [process.execPath, program, way, quick ? '10' : '20'];
      const { output } = await runMeasured(command, environment);
      runs[way].push({ round, ...JSON.parse(output.slice(0, output.indexOf('\n'))) } as Cost);
    }
  }
  close();
  const cpu = (way: 'stock' | 'ours') => median(runs[way].map(({ cpuMsPerPart }) => cpuMsPerPart));
  const rss = (way: 'stock' | 'ours') => median(runs[way].map(({ rssAbovePart }) => rssAbovePart));
  const ratio = ratioOf(runs.ours, runs.stock, ({ cpuMsPerPart }) => cpuMsPerPart);
  const results = {
    cpuMsPerPart: { stock: cpu('stock'), ours: cpu('ours') },
    rssAbovePart: { stock: rss('stock'), ours: rss('ours') },
  };
  return {
    results,
    goals: [
      { name: 'UploadLayerPart: CPU against the stock SDK', measured: ratio, most: 0.55 },
      { name: 'UploadLayerPart: memory above the part, in parts', measured: rss('ours'), most: 1.6 },
    ],
  };
}

/** Takes a part, and throws it away. */
const takePart: RequestListener = (request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end('{}');
  });
};
