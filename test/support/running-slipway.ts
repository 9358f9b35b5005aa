import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Diagnosis, WriteReceiptOutput } from '../../lambda/contract/steps';
import type { SlipwayStackProps } from '../../lib';
import { type Cloud, startCloud } from '../../local/cloud';

/** How one execution ended. */
export interface EndedPush {
  readonly executionArn: string;
  readonly status: string;
  readonly receipt?: WriteReceiptOutput;
  readonly diagnosis?: Diagnosis;
  /** Names of the states that were entered, in order. */
  readonly states: readonly string[];
}

/** A local AWS with Slipway in it, its clients, and the time of the state machine running a hundred times as fast. */
export class RunningSlipway {
  private constructor(
    readonly cloud: Cloud,
    readonly s3: S3Client,
    readonly ecr: ECRClient,
    readonly sfn: SFNClient,
    private readonly dataDir: string,
  ) {}

  static async start(options: { stack?: SlipwayStackProps; partSize?: number } = {}): Promise<RunningSlipway> {
    const dataDir = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    const clock = {
      now: () => Date.now(),
      sleep: (ms: number, signal: AbortSignal) => sleep(ms / 100, undefined, { signal }),
    };
    const cloud = await startCloud({ dataDir, port: 0, clock, ...options });
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

  /** `repository:tag` and digest of every image in the registry. */
  async images(): Promise<Record<string, string>> {
    const { repositories = [] } = await this.ecr.send(new DescribeRepositoriesCommand({}));
    const all: [string, string][] = [];
    for (const { repositoryName = '' } of repositories) {
      const { imageDetails = [] } = await this.ecr.send(new DescribeImagesCommand({ repositoryName }));
      for (const { imageTags = [], imageDigest = '' } of imageDetails) {
        all.push(...imageTags.map((tag): [string, string] => [`${repositoryName}:${tag}`, imageDigest]));
      }
    }
    return Object.fromEntries(all);
  }

  private async describe(executionArn: string): Promise<EndedPush> {
    const { status = '', output, cause } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { events = [] } = await this.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return {
      executionArn,
      status,
      ...(output === undefined ? {} : { receipt: JSON.parse(output) as WriteReceiptOutput }),
      ...(cause === undefined ? {} : { diagnosis: JSON.parse(cause) as Diagnosis }),
      states: events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []),
    };
  }
}
