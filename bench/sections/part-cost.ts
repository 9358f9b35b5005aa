import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Goal } from '../goals';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { median } from '../measure/median';

interface Cost {
  readonly cpuMsPerPart: number;
  /** Growth of the resident set above the part itself, in parts. */
  readonly rssAbovePart: number;
}

/** What UploadLayerPart costs: the SDK alone against the product's sender, in turn, into a server that throws away. */
export async function partCost({ quick }: { readonly quick: boolean }): Promise<{ results: object; goals: Goal[] }> {
  const program = bundledProgram('send-parts');
  const { endpoint, close } = await startSink();
  const runs = { stock: [] as Cost[], ours: [] as Cost[] };
  for (let round = 0; round < (quick ? 3 : 7); round += 1) {
    for (const way of ['stock', 'ours'] as const) {
      const command = [process.execPath, program, way, quick ? '10' : '30'];
      const { output } = await runMeasured(command, {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      });
      runs[way].push(JSON.parse(output.slice(0, output.indexOf('\n'))) as Cost);
    }
  }
  close();
  const cpu = (way: 'stock' | 'ours') => median(runs[way].map(({ cpuMsPerPart }) => cpuMsPerPart));
  const rss = (way: 'stock' | 'ours') => median(runs[way].map(({ rssAbovePart }) => rssAbovePart));
  const results = {
    cpuMsPerPart: { stock: cpu('stock'), ours: cpu('ours') },
    rssAbovePart: { stock: rss('stock'), ours: rss('ours') },
  };
  return {
    results,
    goals: [
      { name: 'UploadLayerPart: CPU against the stock SDK', measured: cpu('ours') / cpu('stock'), most: 0.55 },
      { name: 'UploadLayerPart: memory above the part, in parts', measured: rss('ours'), most: 1.6 },
    ],
  };
}

async function startSink(): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' }).end('{}');
    });
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
