import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchCheckLayerAvailabilityCommand, CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { Size } from 'aws-cdk-lib';
import { executionName } from '../../../lambda/contract/execution-name';
import type { FaultRule } from '../../../local/fault-script';
import { readAssembly, synthesize } from '../../../local/synthesize';
import { fastClock } from '../../support/fast-clock';
import { RunningSlipway } from '../../support/running-slipway';
import { CallTrace } from './call-trace';
import { FailedTrace } from './failed-trace';
import type { FaultPlan, FaultPoint, Scenario } from './fault-plan';
import { faultRules } from './fault-rules';
import { FunctionLogs } from './function-logs';
import { Neighbours } from './neighbours';
import type { Run } from './run';
import { type Dropped, PART_SIZE, tarballOf } from './scenarios';
import { imageUnder } from './stored-image';

// A wait of the state machine takes a moment; a time limit of a Task runs as fast as the timers of the functions.
const CLOCK = fastClock({ waits: 5_000, limits: 20 });

const STACK = 'SlipwayStack';

/** Synthesizes the workflow that sends so many layers at once, for all beds; gives the folder. */
export function synthesizeBed(layerConcurrency: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-fault-bed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // A layer of one part goes with others, one of several parts does not.
  const drops = [{ prefix: '', repositories: ['*'], createRepositories: {}, notifyEmails: ['owner@example.com'] }];
  synthesize(STACK, { drops, layerConcurrency, largestPackedLayer: Size.bytes(PART_SIZE) }, folder);
  return folder;
}

/** The synthesized workflow on the strict emulators, where anything can be made to fail; one push at a time. */
export class FaultBed {
  #seed = 0;

  private constructor(
    private readonly slipway: RunningSlipway,
    private readonly salt: number,
  ) {}

  /**
   * @param assembly folder of {@link synthesizeBed}
   * @param salt beds of different salts push different layers
   */
  static async start(assembly: string, salt: number): Promise<FaultBed> {
    const slipway = await RunningSlipway.start({
      assembly: readAssembly(STACK, assembly),
      partSize: PART_SIZE,
      clock: CLOCK,
      functionEnvironment: { NODE_OPTIONS: `--require=${join(__dirname, 'fast-timers.cjs')}` },
    });
    return new FaultBed(slipway, salt);
  }

  stop(): Promise<void> {
    return this.slipway.stop();
  }

  /**
   * Every call that the functions make in a push without faults, or with these that it survives, and every invocation of a
   * function. Throws FailedTrace.
   */
  async trace(scenario: Scenario, faults: FaultPlan['faults'] = []): Promise<FaultPoint[]> {
    const drop = await this.newDrop(scenario);
    this.slipway.cloud.faults.add(...faultRules({ scenario, concurrency: 1, faults }, drop.neighbours));
    const trace = new CallTrace(this.slipway.cloud);
    trace.begin();
    const push = await this.push(drop);
    trace.end();
    this.slipway.cloud.faults.clear();
    if (push.status !== 'SUCCEEDED') throw new FailedTrace(scenario, push);
    return trace.points;
  }

  /** One push under the plan's faults, and the same drop again without them. */
  async run(plan: FaultPlan): Promise<Run> {
    const { ecr, cloud } = this.slipway;
    const logs = new FunctionLogs(join(this.slipway.dataDir, 'logs'));
    const drop = await this.newDrop(plan.scenario);
    const { neighbours, dropped } = drop;
    cloud.faults.add(...faultRules(plan, neighbours));
    const sentBefore = cloud.ecr.sent.bytesReceived;
    const push = await this.push(drop);
    await neighbours.ended();
    const met = cloud.faults.list().map(({ rule, seen }) => timesMet(rule, seen));
    cloud.faults.clear();
    const bytesSent = cloud.ecr.sent.bytesReceived - sentBefore;
    const tagged = await imageUnder(ecr, neighbours.grounds);
    const sourceEtag = await this.sourceEtag(neighbours);
    const bytesMissing = await this.bytesMissing(dropped, neighbours.grounds.repository);
    const again = await this.push(drop);
    return {
      ...{ plan, push, met, bytesSent, tagged, sourceEtag, bytesMissing, again },
      size: dropped.size,
      bytesSentAgain: cloud.ecr.sent.bytesReceived - sentBefore - bytesSent,
      notices: this.noticesOf(push.executionArn),
      noticesOfAgain: this.noticesOf(again.executionArn),
      taggedByAgain: await imageUnder(ecr, neighbours.grounds),
      expectedDigest: dropped.digest,
      taggedElsewhere: neighbours.taggedElsewhere,
      log: logs.sinceThen(),
    };
  }

  private async newDrop(scenario: Scenario): Promise<Drop> {
    this.#seed += 1;
    const dropped = tarballOf(scenario, this.salt * 100_000 + this.#seed);
    const repository = `run-${this.#seed}`;
    // What is read once, or sent early, is so because the repository is there; the push of an archive creates it.
    if (scenario !== 'archive')
      await this.slipway.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
    const grounds = { key: `${repository}/1.${dropped.extension}`, versionId: '', repository, tag: '1' };
    return { dropped, neighbours: new Neighbours(this.slipway, grounds) };
  }

  /** Drops the tarball, and tells how the push of just this version ended. */
  private async push({ dropped, neighbours: { grounds } }: Drop): ReturnType<RunningSlipway['describe']> {
    const { cloud } = this.slipway;
    grounds.versionId = await this.slipway.put(grounds.key, dropped.bytes);
    await cloud.idle();
    const machine = cloud.stateMachineArn.replace(':stateMachine:', ':execution:');
    return this.slipway.describe(`${machine}:${executionName(grounds.key, grounds.versionId)}`);
  }

  private noticesOf(executionArn: string): string[] {
    const all = this.slipway.notifications().filter(({ message }) => message.detail.executionArn === executionArn);
    return all.map(({ message }) => message['detail-type']);
  }

  private async sourceEtag({ grounds: { key: Key, versionId: VersionId } }: Neighbours): Promise<string | undefined> {
    const head = new HeadObjectCommand({ Bucket: this.slipway.cloud.dropBucket, Key, VersionId });
    return this.slipway.s3.send(head).then(
      ({ ETag }) => ETag,
      () => undefined,
    );
  }

  private async bytesMissing({ blobs }: Dropped, repositoryName: string): Promise<number | undefined> {
    if (!blobs) return undefined;
    const layerDigests = blobs.map(({ digest }) => digest);
    const check = new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests });
    // A repository that is not there has nothing.
    const { layers = [] } = await this.slipway.ecr.send(check).catch(() => ({ layers: [] }));
    const there = layers.filter(({ layerAvailability }) => layerAvailability === 'AVAILABLE');
    const digests = new Set(there.map(({ layerDigest }) => layerDigest));
    return blobs.filter(({ digest }) => !digests.has(digest)).reduce((sum, { size }) => sum + size, 0);
  }
}

interface Drop {
  readonly dropped: Dropped;
  readonly neighbours: Neighbours;
}

function timesMet({ from = 1, times = 1 }: FaultRule, seen: number): number {
  return Math.max(0, Math.min(times, seen - from + 1));
}
