import { ratioOf } from './measure/ratio';
import type { Row, ScenarioResult } from './sections/side-by-side';

const MIB = 2 ** 20;

/** One scenario as a markdown table: medians, and ratios to skopeo where it ran, else to the first tool. */
export function scenarioTable({ name, archiveBytes, rounds, rows }: ScenarioResult): string {
  const base = rows.find(({ tool }) => tool === 'skopeo') ?? rows[0];
  if (!base) return `${name}: no tool ran`;
  return [
    `**${name}** (${(archiveBytes / MIB).toFixed(0)} MiB, medians of ${rounds} rounds; × is the median of the ratios to ${base.tool}, round by round)`,
    '',
    '| tool | CPU s | × | wall s | × | CPU s of the emulators | peak MiB | read from S3 MiB | sent to the registry MiB | layers MiB |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => line(row, base)),
  ].join('\n');
}

function line(row: Row, base: Row): string {
  const { tool, cpuSeconds, wallSeconds, emulatorCpuSeconds, peakRssMib, imageBytes, traffic, runs } = row;
  const cells = [
    tool,
    cpuSeconds.toFixed(2),
    ratioOf(runs, base.runs, (run) => run.cpuSeconds).toFixed(2),
    wallSeconds.toFixed(2),
    ratioOf(runs, base.runs, (run) => run.wallSeconds).toFixed(2),
    emulatorCpuSeconds.toFixed(2),
    peakRssMib.toFixed(0),
    (traffic.fromS3 / MIB).toFixed(1),
    (traffic.toEcr / MIB).toFixed(1),
    (imageBytes / MIB).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}
