import { join } from 'node:path';
import { makeArchive } from '../archives';
import { bundledProgram } from '../measure/bundle';
import { runMeasured } from '../measure/command-usage';
import { median } from '../measure/median';

/** What one MiB of a plain layer costs to compress, and what is left of it. */
export interface Compression {
  readonly cpuMsPerMib: number;
  /** Output against input. */
  readonly sizeRatio: number;
}

/** The product's encoder and the zlib of Node, in turn, on the same blocks. */
export async function compression(folder: string, rounds: number): Promise<Record<'ours' | 'zlib', Compression>> {
  const program = bundledProgram('compress-blocks');
  const { file } = await makeArchive(join(folder, 'archives'), { format: 'docker-archive', layers: 2, layerMib: 12 });
  const runs = { ours: [] as Compression[], zlib: [] as Compression[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ['ours', 'zlib'] as const) {
      const { output } = await runMeasured([process.execPath, program, way, file]);
      runs[way].push(JSON.parse(output.slice(0, output.indexOf('\n'))) as Compression);
    }
  }
  const of = (way: 'ours' | 'zlib') => ({
    cpuMsPerMib: median(runs[way].map(({ cpuMsPerMib }) => cpuMsPerMib)),
    sizeRatio: runs[way][0]?.sizeRatio ?? Number.NaN,
  });
  return { ours: of('ours'), zlib: of('zlib') };
}
