import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Notice } from '../../lambda/contract/notice';
import type { Diagnosis, WriteReceiptOutput } from '../../lambda/contract/steps';
import { type Cloud, type CloudOptions, startCloud } from '../../local/cloud';
import { fastClock } from './fast-clock';
import { sharedAssembly } from './shared-assembly';

/** How one execution ended. */
export interface EndedPush {
  readonly executionArn: string;
  readonly status: string;
  readonly receipt?: WriteReceiptOutput;
  readonly diagnosis?: Diagnosis;
  /** Names of the states that were entered, in order. */
  readonly states: readonly string[];
}

/** A message that a topic took: an event. */
export interface Notification {
  readonly topicArn: string;
  readonly message: { 'detail-type': string; source: string; resources: string[]; detail: Notice };
}

/** A local AWS with Slipway in it, its clients, and waits of the state machine that are over at once. */
export class RunningSlipway {
  private constructor(
    readonly cloud: Cloud,
    readonly s3: S3Client,
    readonly ecr: ECRClient,
    readonly sfn: SFNClient,
    readonly dataDir: string,
  ) {}

  static async start(
    options: Pick<CloudOptions, 'stack' | 'assembly' | 'partSize' | 'clock' | 'functionEnvironment'> = {},
  ): Promise<RunningSlipway> {
    const shared = options.stack === undefined && options.assembly === undefined ? { assembly: sharedAssembly() } : {};
    const dataDir = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    const cloud = await startCloud({ dataDir, port: 0, clock: fastClock(), ...shared, ...options });
    const { AWS_REGION: region = '', AWS_ENDPOINT_URL: endpoint = '' } = cloud.environment;
    const configuration = { region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const clients = [new S3Client(configuration), new ECRClient(configuration), new SFNClient(configuration)] as const;
    return new RunningSlipway(cloud, ...clients, dataDir);
  }

  async stop(): Promise<void> {
    await this.cloud.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Puts a tarball into the drop bucket and waits for the push that this starts. */
  async drop(key: string, bytes: Uint8Array, metadata: Record<string, string> = {}): Promise<EndedPush> {
    const known = new Set(await this.executions());
    await this.put(key, bytes, metadata);
    await this.cloud.idle();
    const [started, ...others] = (await this.executions()).filter((arn) => !known.has(arn));
    if (!started || others.length > 0)
      throw new Error(`the drop started ${started ? others.length + 1 : 0} executions`);
    return this.describe(started);
  }

  async put(key: string, bytes: Uint8Array, Metadata: Record<string, string> = {}): Promise<string> {
    const put = new PutObjectCommand({ Bucket: this.cloud.dropBucket, Key: key, Body: bytes, Metadata });
    return (await this.s3.send(put)).VersionId ?? '';
  }

  /** Starts a push without a drop, and waits for its end. */
  async startExecution(input: unknown): Promise<EndedPush> {
    const { stateMachineArn } = this.cloud;
    const { executionArn = '' } = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    await this.cloud.idle();
    return this.describe(executionArn);
  }

  /** ARNs of all executions. */
  async executions(): Promise<string[]> {
    const { stateMachineArn } = this.cloud;
    const { executions = [] } = await this.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
    return executions.map(({ executionArn = '' }) => executionArn);
  }

  /** Names of all repositories. */
  async repositories(): Promise<string[]> {
    const { repositories = [] } = await this.ecr.send(new DescribeRepositoriesCommand({}));
    return repositories.map(({ repositoryName = '' }) => repositoryName);
  }

  /** `repository:tag` and digest of every image in the registry. */
  async images(): Promise<Record<string, string>> {
    const all: [string, string][] = [];
    for (const repositoryName of await this.repositories()) {
      const { imageDetails = [] } = await this.ecr.send(new DescribeImagesCommand({ repositoryName }));
      for (const { imageTags = [], imageDigest = '' } of imageDetails) {
        all.push(...imageTags.map((tag): [string, string] => [`${repositoryName}:${tag}`, imageDigest]));
      }
    }
    return Object.fromEntries(all);
  }

  /** All events of an execution. */
  async history(executionArn: string): Promise<HistoryEvent[]> {
    const all: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken });
      const { events = [], nextToken: more } = await this.sfn.send(page);
      all.push(...events);
      nextToken = more;
    } while (nextToken);
    return all;
  }

  /** A document that the push left in the work bucket: `receipt`, `failure`, `plan`, `uploads`. */
  async document({ executionArn }: EndedPush, name: string): Promise<unknown> {
    const Key = `pushes/${executionArn.split(':').at(-1)}/${name}.json`;
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.cloud.workBucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  }

  /** Events that no target took, in the order they were given up. */
  deadLetters(): { event: { detail: { object: { key: string } } } }[] {
    return this.lines('dead-letters.jsonl');
  }

  /** Messages that topics took, in their order. */
  notifications(): Notification[] {
    return this.lines('notifications.jsonl');
  }

  /** How an execution ended. */
  async describe(executionArn: string): Promise<EndedPush> {
    const { status = '', output, cause } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const events = await this.history(executionArn);
    return {
      executionArn,
      status,
      ...(output === undefined ? {} : { receipt: JSON.parse(output) as WriteReceiptOutput }),
      ...(cause === undefined ? {} : { diagnosis: JSON.parse(cause) as Diagnosis }),
      states: events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []),
    };
  }

  private lines<T>(file: string): T[] {
    const path = join(this.dataDir, file);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
    return lines.map((line) => JSON.parse(line) as T);
  }
}
