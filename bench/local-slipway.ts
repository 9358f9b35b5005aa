import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { BatchGetImageCommand, CreateRepositoryCommand, DeleteRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { Upload } from '@aws-sdk/lib-storage';
import { type Cloud, startCloud } from '../local/cloud';
import type { Archive } from './archives';
import type { FunctionPeak } from './function-table';

// Repositories that are pushed to; a drop starts a push of its own, whose name is none of these, and so moves nothing.
const DROPS = [{ prefix: '', repositories: ['bench/*', 'counted/*', 'warm/*'], createRepositories: {} }];

/**
 * The local AWS with Slipway in it, as the benchmark uses it. As many layers are on their way at once as the machine has
 * processors: in AWS each invocation has its own, here they share.
 */
export class LocalSlipway {
  private constructor(
    readonly cloud: Cloud,
    private readonly s3: S3Client,
    private readonly ecr: ECRClient,
    private readonly sfn: SFNClient,
  ) {}

  static async start(dataDir: string): Promise<LocalSlipway> {
    const stack = { drops: DROPS, layerConcurrency: availableParallelism() };
    const cloud = await startCloud({ dataDir, port: 0, stack });
    const { AWS_REGION: region = '', AWS_ENDPOINT_URL: endpoint = '' } = cloud.environment;
    const configuration = { region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    return new LocalSlipway(
      cloud,
      new S3Client(configuration),
      new ECRClient(configuration),
      new SFNClient(configuration),
    );
  }

  /** Puts an archive where a push may read it. */
  async put(archive: Archive): Promise<void> {
    const params = {
      Bucket: this.cloud.dropBucket,
      Key: keyOf(archive),
      Body: createReadStream(archive.file, { highWaterMark: 1 << 20 }),
    };
    await new Upload({ client: this.s3, params }).done();
    await this.cloud.idle();
  }

  /** Pushes an archive that was put; gives the execution. Throws with the diagnosis when that fails. */
  async push(archive: Archive, repository: string, more: object): Promise<string> {
    const source = { bucket: this.cloud.dropBucket, key: keyOf(archive) };
    const input = JSON.stringify({ source, repository, tags: ['1'], ...more });
    const { stateMachineArn } = this.cloud;
    const { executionArn = '' } = await this.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    await this.cloud.idle();
    const { status, cause } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'SUCCEEDED') throw new Error(`the push ended as ${status}: ${cause}`);
    return executionArn;
  }

  /** Events of an execution, and how many states it entered, which is what AWS bills. */
  async counted(executionArn: string): Promise<{ events: number; transitions: number }> {
    const page = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
    const { events = [] } = await this.sfn.send(page);
    const transitions = events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails).length;
    return { events: events.length, transitions };
  }

  /** The functions that were at work so far, and the most that each had in memory. */
  peaks(): FunctionPeak[] {
    return this.cloud
      .measure()
      .filter(({ invocations }) => invocations > 0)
      .map(({ step, memorySize, peakRssBytes }) => ({ step, memorySize, peakMib: peakRssBytes / 2 ** 20 }));
  }

  async createRepository(repositoryName: string): Promise<void> {
    await this.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  }

  async deleteRepository(repositoryName: string): Promise<void> {
    await this.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
  }

  /** Forgets the layers that were compressed before. */
  async clearStaged(): Promise<void> {
    const Bucket = this.cloud.workBucket;
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'staged/' }));
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await this.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }

  /** Bytes of all layers of the image, as its manifest tells them. */
  async layerBytes(repositoryName: string): Promise<number> {
    const { layers } = await this.#manifest(repositoryName);
    return layers.reduce((sum, { size }) => sum + size, 0);
  }

  /** Bytes of the config and of each layer. */
  async blobSizes(repositoryName: string): Promise<number[]> {
    const { config, layers } = await this.#manifest(repositoryName);
    return [config, ...layers].map(({ size }) => size);
  }

  async #manifest(repositoryName: string): Promise<{ config: { size: number }; layers: { size: number }[] }> {
    const imageIds = [{ imageTag: '1' }];
    const { images = [] } = await this.ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    return JSON.parse(images[0]?.imageManifest ?? '{}');
  }
}

/** Where an archive lies in the drop bucket, once it was put. */
export function keyOf({ file }: Archive): string {
  return `${basename(file, '.tar')}/none.tar`;
}
