import type { Goal } from './goals';
import { type Run, ratioOf } from './measure/ratio';
import { SCENARIO } from './scenarios';
import type { Row, ScenarioResult } from './sections/side-by-side';

/** Of the CPU of skopeo, for a docker archive. */
export const DOCKER_CPU = 0.8;

const ENCODER = 'to compress the layers takes most of it, in WebAssembly for the sake of the digests: see below';
const EMULATORS = 'S3 and ECR of the local AWS share the processors with the functions: see below';

/** The goals that the pushes side by side are held to. */
export function sideBySideGoals(results: readonly ScenarioResult[]): Goal[] {
  const row = (scenario: string, tool: string) =>
    results.find(({ name }) => name === scenario)?.rows.find((each) => each.tool === tool);
  const ratio = (
    name: string,
    scenario: string,
    pick: (run: Run) => number,
    most: number,
    more: Against = {},
  ): Goal[] => {
    const { ours = 'slipway', peer = 'skopeo', note } = more;
    const [mine, theirs] = [row(scenario, ours), row(scenario, peer)];
    if (!mine || !theirs) return [];
    return [{ name, measured: ratioOf(mine.runs, theirs.runs, pick), most, ...(note === undefined ? {} : { note }) }];
  };
  const byEcr = { ours: 'slipway, verify by-ecr' };
  const cpu = ({ cpuSeconds }: Run) => cpuSeconds;
  const wall = ({ wallSeconds }: Run) => wallSeconds;
  const { passThrough, docker, again } = SCENARIO;
  return [
    ...ratio('pass-through: CPU against skopeo', passThrough, cpu, 0.85),
    ...ratio('pass-through, verify by-ecr: CPU against skopeo', passThrough, cpu, 0.85, byEcr),
    ...ratio('pass-through: CPU against the naive pipeline', passThrough, cpu, 0.65, { peer: 'naive pipeline' }),
    ...ratio('pass-through, verify by-ecr: CPU against the naive pipeline', passThrough, cpu, 0.65, {
      ...byEcr,
      peer: 'naive pipeline',
    }),
    ...ratio('pass-through: wall against skopeo', passThrough, wall, 1),
    ...ratio('docker archive: CPU against skopeo', docker, cpu, DOCKER_CPU, { note: ENCODER }),
    ...imageSize(row(docker, 'slipway'), row(docker, 'skopeo')),
    ...ratio('docker archive: wall against skopeo', docker, wall, 1, { note: EMULATORS }),
    ...ratio('the same image again: wall against skopeo', again, wall, 0.2),
    ...bytesRead(row(passThrough, 'slipway')),
    ...peak(results),
  ];
}

interface Against {
  readonly ours?: string;
  readonly peer?: string;
  readonly note?: string;
}

function imageSize(ours: Row | undefined, skopeo: Row | undefined): Goal[] {
  if (!ours || !skopeo) return [];
  const measured = ours.imageBytes / skopeo.imageBytes;
  return [{ name: 'docker archive: image size against skopeo', measured, most: 1.03 }];
}

function bytesRead(row: Row | undefined): Goal[] {
  if (!row) return [];
  const measured = row.traffic.fromS3 / row.imageBytes;
  return [{ name: 'pass-through: bytes read from S3 against bytes of layers', measured, most: 1.01 }];
}

function peak(results: readonly ScenarioResult[]): Goal[] {
  const ours = results.flatMap(({ rows }) => rows).filter(({ tool }) => tool.startsWith('slipway'));
  const peaks = ours.map(({ peakRssMib }) => peakRssMib);
  return [{ name: 'peak memory of a function, of 220 MiB', measured: Math.max(...peaks) / 220, most: 1 }];
}
