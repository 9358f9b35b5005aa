import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Archive, makeArchive, type Shape } from '../archives';
import type { FunctionPeak } from '../function-table';
import { keyOf, LocalSlipway } from '../local-slipway';
import { bundledProgram } from '../measure/bundle';
import { runMeasured, type Usage } from '../measure/command-usage';
import { FunctionProcesses } from '../measure/function-usage';
import { median } from '../measure/median';
import type { Run } from '../measure/ratio';
import { Traffic, type TrafficCount } from '../measure/traffic';
import { findPeers } from '../peers';

/** One archive, pushed by every tool in turn. */
export interface Scenario {
  readonly name: string;
  readonly shape: Shape;
  /** What the repository holds before: nothing where absent. */
  readonly before?: Shape;
}

/** Medians of the runs of one tool. */
export interface Row extends Usage {
  readonly tool: string;
  /** Layers in the registry afterwards, as bytes. */
  readonly imageBytes: number;
  readonly traffic: TrafficCount;
  /** What the local AWS used meanwhile, which serves every tool. */
  readonly emulatorCpuSeconds: number;
  /** Each by itself. */
  readonly runs: readonly Run[];
  /** Of Slipway's functions. */
  readonly cpuBySteps?: Readonly<Record<string, number>>;
  /** Of their CPU seconds, those of the threads that compress. */
  readonly threadSeconds?: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly archiveBytes: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
}

interface Contestant {
  readonly tool: string;
  /** The one format that it has something to say about. @default all */
  readonly format?: Shape['format'] | undefined;
  run(archive: Archive, repository: string): Promise<Usage & Pick<Row, 'cpuBySteps' | 'threadSeconds'>>;
}

/** Runs each scenario with each tool, in turn, against one registry process. */
export async function sideBySide(
  scenarios: readonly Scenario[],
  rounds: number,
  folder: string,
): Promise<{ results: ScenarioResult[]; cold: Usage; peaks: FunctionPeak[]; tools: string[]; missing: string[] }> {
  const dataDir = join(folder, 'aws');
  rmSync(dataDir, { recursive: true, force: true });
  const slipway = await LocalSlipway.start(dataDir);
  try {
    const { peers, missing } = await findPeers(folder, slipway.cloud.registry);
    const theirs = peers.map((peer) => peerContestant(peer, slipway));
    // Those that are compared run one right after the other.
    const [first, ...others] = ours(slipway);
    const contestants = [first, ...theirs, ...others, naive(slipway)];
    const traffic = new Traffic();
    const failed = new Map<string, string>();
    let repositories = 0;
    const cold = await firstPush(slipway, folder);
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) results.push(await runScenario(scenario));
    return {
      results,
      cold,
      peaks: slipway.peaks(),
      tools: peers.filter(({ format }) => format === undefined).map(({ name, version }) => `${name} ${version}`),
      missing: [...missing, ...[...failed].map((each) => each.join(': '))],
    };

    /** As many environments are there afterwards as the archive has work for. */
    async function warm(archive: Archive): Promise<void> {
      const repository = `warm/${repositories++}`;
      await slipway.push(archive, repository, {});
      await slipway.deleteRepository(repository);
    }

    async function runScenario({ name, shape, before }: Scenario): Promise<ScenarioResult> {
      const archive = await makeArchive(join(folder, 'archives'), shape);
      const earlier = before && (await makeArchive(join(folder, 'archives'), before));
      for (const each of [archive, ...(earlier ? [earlier] : [])]) await slipway.put(each);
      await warm(archive);
      const all = contestants.filter(({ format }) => format === undefined || format === shape.format);
      const runs = new Map<string, Measured[]>(all.map(({ tool }) => [tool, []]));
      for (let round = 0; round < rounds; round += 1) {
        // And back again: none of them always has the machine first.
        for (const { tool, run } of round % 2 === 0 ? all : all.toReversed()) {
          console.error(`  ${name}, round ${round + 1} of ${rounds}: ${tool}`);
          const repository = `bench/${repositories++}`;
          await slipway.createRepository(repository);
          await slipway.clearStaged();
          const row = await measured(async () => {
            if (earlier) await run(earlier, repository);
            traffic.take();
            const before = process.cpuUsage();
            const usage = await run(archive, repository);
            const { user, system } = process.cpuUsage(before);
            return { ...usage, emulatorCpuSeconds: (user + system) / 1e6 };
          });
          if (typeof row === 'string') failed.set(`${tool}, ${name}`, row);
          else {
            const seen = { traffic: traffic.take(), imageBytes: await slipway.layerBytes(repository) };
            runs.get(tool)?.push({ tool, round, ...row, ...seen });
          }
          await slipway.deleteRepository(repository);
        }
      }
      return {
        name,
        archiveBytes: archive.bytes,
        rounds,
        rows: [...runs.values()].filter((of) => of.length > 0).map(medianRow),
      };
    }
  } finally {
    await slipway.cloud.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Starts every function, as the first push after a while does: what that costs is told apart from pushes. */
async function firstPush(slipway: LocalSlipway, folder: string): Promise<Usage> {
  const processes = new FunctionProcesses();
  processes.reset();
  const started = process.hrtime.bigint();
  for (const format of ['oci-archive', 'docker-archive'] as const) {
    const archive = await makeArchive(join(folder, 'archives'), { format, layers: 8, layerMib: 1 });
    await slipway.put(archive);
    await slipway.push(archive, `warm/${format}`, {});
  }
  const { cpuSeconds, peakRssMib } = processes.used();
  return { cpuSeconds, peakRssMib, wallSeconds: Number(process.hrtime.bigint() - started) / 1e9 };
}

// Another tool may not get along with a registry: that is a result, too.
async function measured<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    return lastWords(error as Error);
  }
}

function lastWords({ message }: Error): string {
  const said = message.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('cpu '));
  return said.at(-1)?.slice(-200) ?? message;
}

function ours(slipway: LocalSlipway): [Contestant, ...Contestant[]] {
  const processes = new FunctionProcesses();
  const contestant = (tool: string, more: object, format?: Shape['format']): Contestant => ({
    tool,
    format,
    run: async (archive, repository) => {
      processes.reset();
      const started = process.hrtime.bigint();
      await slipway.push(archive, repository, more);
      const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9;
      const { bySteps: cpuBySteps, ...used } = processes.used();
      return { ...used, wallSeconds, cpuBySteps };
    },
  });
  return [
    contestant('slipway', {}),
    contestant('slipway, verify by-ecr', { verify: 'by-ecr' }),
    contestant('slipway, zstd', { compression: 'zstd' }, 'docker-archive'),
  ];
}

function naive({ cloud }: LocalSlipway): Contestant {
  const program = bundledProgram('naive-push');
  return {
    tool: 'naive pipeline',
    run: (archive, repository) =>
      runMeasured([process.execPath, program, cloud.dropBucket, keyOf(archive), repository, '1'], cloud.environment),
  };
}

function peerContestant(
  peer: Awaited<ReturnType<typeof findPeers>>['peers'][number],
  slipway: LocalSlipway,
): Contestant {
  return {
    tool: peer.name,
    format: peer.format,
    run: (archive, repository) =>
      runMeasured(peer.command(archive, `${slipway.cloud.registry}/${repository}:1`), peer.environment),
  };
}

type Measured = Omit<Row, 'runs'> & Run;

function medianRow(rows: readonly Measured[]): Row {
  const [first] = rows;
  if (!first) throw new Error('no run');
  const of = (pick: (row: Measured) => number) => median(rows.map(pick));
  return {
    tool: first.tool,
    cpuSeconds: of(({ cpuSeconds }) => cpuSeconds),
    wallSeconds: of(({ wallSeconds }) => wallSeconds),
    peakRssMib: Math.max(...rows.map(({ peakRssMib }) => peakRssMib)),
    imageBytes: first.imageBytes,
    emulatorCpuSeconds: of(({ emulatorCpuSeconds }) => emulatorCpuSeconds),
    traffic: rows.at(-1)?.traffic ?? first.traffic,
    runs: rows.map(({ round, cpuSeconds, wallSeconds }) => ({ round, cpuSeconds, wallSeconds })),
    ...(first.cpuBySteps && { cpuBySteps: medianSteps(rows), threadSeconds: of((row) => row.threadSeconds ?? 0) }),
  };
}

function medianSteps(rows: readonly Measured[]): Record<string, number> {
  const steps = [...new Set(rows.flatMap(({ cpuBySteps = {} }) => Object.keys(cpuBySteps)))];
  return Object.fromEntries(steps.map((step) => [step, median(rows.map(({ cpuBySteps }) => cpuBySteps?.[step] ?? 0))]));
}
