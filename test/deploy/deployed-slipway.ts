import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { OUTPUTS } from '../../lambda/contract/outputs';
import { createEcr } from '../../local/ecr';
import { FaultScript } from '../../local/fault-script';
import { MiniStack } from './ministack';
import { withRangeReads } from './range-reads';

const ROOT = resolve(__dirname, '../..');
const STACK = 'SlipwayStack';

type Outputs = Record<(typeof OUTPUTS)[keyof typeof OUTPUTS], string>;

/**
 * Slipway as the CDK's own command line deploys it, into MiniStack: its CloudFormation, S3, EventBridge, Step Functions
 * and Lambda. The registry is ours: MiniStack's keeps no layers by digest.
 */
export class DeployedSlipway {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway-deploy-'));
  readonly ecr: ECRClient;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  outputs = {} as Outputs;

  private constructor(
    readonly ministack: MiniStack,
    readonly faults: FaultScript,
    registry: string,
    private readonly ends: (() => void)[],
  ) {
    this.s3 = new S3Client(ministack.client);
    this.sfn = new SFNClient(ministack.client);
    this.ecr = new ECRClient({ ...ministack.client, endpoint: registry });
  }

  static async deploy(): Promise<DeployedSlipway> {
    const data = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
    const faults = new FaultScript();
    const identity = { accountId: '000000000000', region: 'us-east-1' };
    const ecr = createEcr({ dataDir: data, ...identity, faults: faults.hook<never>('ecr') });
    const registry = await served((request, response) => void ecr.handle(request, response));
    const ends = [() => registry.server.close(), () => rmSync(data, { recursive: true, force: true })];
    const ministack = await MiniStack.start(async (endpoint) => {
      const s3 = await withRangeReads(endpoint);
      ends.push(s3.stop);
      return { AWS_ENDPOINT_URL_ECR: registry.endpoint, AWS_ENDPOINT_URL_S3: s3.endpoint };
    });
    const slipway = new DeployedSlipway(ministack, faults, registry.endpoint, ends);
    slipway.cdk('bootstrap', 'aws://000000000000/us-east-1');
    const file = join(slipway.folder, 'outputs.json');
    slipway.cdk('deploy', '--require-approval', 'never', '--outputs-file', file);
    slipway.outputs = JSON.parse(readFileSync(file, 'utf8'))[STACK];
    return slipway;
  }

  /** What CloudFormation has made: logical id, type and status of each resource. */
  async resources(): Promise<{ type: string; logicalId: string; physicalId: string; status: string }[]> {
    const client = new CloudFormationClient(this.ministack.client);
    const all = [];
    for await (const page of paginateListStackResources({ client }, { StackName: STACK })) {
      for (const resource of page.StackResourceSummaries ?? []) {
        const { ResourceType: type = '', LogicalResourceId: logicalId = '', ResourceStatus: status = '' } = resource;
        all.push({ type, logicalId, physicalId: resource.PhysicalResourceId ?? '', status });
      }
    }
    return all;
  }

  /** Puts a tarball into the drop bucket and follows the execution that this starts to its end. */
  async drop(key: string, bytes: Uint8Array) {
    const known = new Set((await this.executions()).map(({ executionArn }) => executionArn));
    await this.s3.send(new PutObjectCommand({ Bucket: this.outputs.DropBucketName, Key: key, Body: bytes }));
    for (let tries = 0; tries < 600; tries++) {
      const started = (await this.executions()).find(({ executionArn }) => !known.has(executionArn));
      if (started) return this.ended(started.executionArn ?? '');
      await sleep(200);
    }
    throw new Error(`the drop of ${key} started nothing:\n${this.ministack.log().slice(-5000)}`);
  }

  /** An execution when it has ended. */
  async ended(executionArn: string) {
    for (let tries = 0; tries < 600; tries++) {
      const execution = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status !== 'RUNNING') return execution;
      await sleep(200);
    }
    throw new Error(`${executionArn} came to no end:\n${this.ministack.log().slice(-5000)}`);
  }

  async stop(): Promise<void> {
    await this.ministack.stop();
    for (const end of this.ends) end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async executions() {
    const list = new ListExecutionsCommand({ stateMachineArn: this.outputs.StateMachineArn });
    return (await this.sfn.send(list)).executions ?? [];
  }

  private cdk(...args: string[]): void {
    const command = join(ROOT, 'node_modules/.bin/cdk');
    const env = { ...process.env, ...this.ministack.environment, HOME: this.folder };
    const output = ['--output', join(this.folder, 'cdk.out'), '--progress', 'events'];
    execFileSync(command, [...args, ...output], { cwd: ROOT, env, stdio: 'pipe' });
  }
}

async function served(handle: Parameters<typeof createServer>[1]): Promise<{ server: Server; endpoint: string }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
