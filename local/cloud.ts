import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTPUTS } from '../lambda/contract/outputs';
import type { SlipwayStackProps } from '../lib';
import { createEcr, type Ecr } from './ecr';
import { EventBus } from './event-bus';
import { faultApi } from './fault-api';
import { FaultScript } from './fault-script';
import { createFunctions, type FunctionMeasure, type FunctionSpec } from './functions';
import { listen } from './one-port';
import { queryApi } from './query-api';
import { createS3, type ObjectCreated } from './s3';
import { type Clock, createStates, type States } from './states';
import { type Assembly, synthesize } from './synthesize';
import { type Deployment, deploy, type Place } from './template';

export interface CloudOptions {
  /** Folder that everything is kept in. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly stack?: SlipwayStackProps;
  /** Clock of the state machine. @default the machine's */
  readonly clock?: Clock;
  /** What InitiateLayerUpload answers as part size, in bytes. @default 10,485,760 */
  readonly partSize?: number;
}

/** A running small AWS with Slipway deployed in it. */
export interface Cloud {
  readonly endpoint: string;
  /** Host and port for docker-style pulls. */
  readonly registry: string;
  readonly dropBucket: string;
  readonly workBucket: string;
  readonly stateMachineArn: string;
  /** Environment that makes any AWS SDK or the `aws` command use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: FaultScript;
  readonly ecr: Ecr;
  readonly states: States;
  /** What each step's function used so far, by the step's name. */
  measure(): (FunctionMeasure & { step: string })[];
  /** Resolves when no event is on its way and no execution runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const PLACE: Place = { stackName: 'SlipwayStack', accountId: '000000000000', region: 'us-east-1' };

// Room for every step to stay warm, and for the layers that go up side by side.
const MAX_ENVIRONMENTS = 32;

/** Synthesizes the stack and runs it: the same template, rule, functions and definition that a deployment has. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, stack = {}, clock } = options;
  const { accountId, region } = PLACE;
  // Outside the repository, whose package.json would tell Node how to read the bundles.
  const assembly = synthesize(PLACE.stackName, stack, mkdtempSync(join(tmpdir(), 'slipway-assembly-')));
  const deployment = deploy(assembly.template, PLACE);
  const { server, port, serve } = await listen(options.port);
  const environment = clientEnvironment(port);
  const faults = new FaultScript();

  const steps = stepNames(deployment);
  const functions = createFunctions({
    functions: functionSpecs(deployment, assembly),
    accountId,
    region,
    environment,
    logDir: join(dataDir, 'logs'),
    maxEnvironments: MAX_ENVIRONMENTS,
    faults: ({ functionName, payload }) =>
      faults.hook<never>('lambda')({ operation: steps.get(functionName) ?? functionName, input: { payload } }),
  });
  const bus = new EventBus(
    deployment,
    (functionArn, payload) => functions.invoke({ functionArn, payload }),
    join(dataDir, 'dead-letters.jsonl'),
  );
  const s3 = createS3({
    dataDir: join(dataDir, 's3'),
    accountId,
    region,
    faults: faults.hook('s3'),
    onObjectCreated: (created) => announce(created, deployment, bus),
  });
  const { partSize } = options;
  const ecr = createEcr({
    dataDir: join(dataDir, 'ecr'),
    accountId,
    region,
    faults: faults.hook('ecr'),
    ...(partSize === undefined ? {} : { partSize }),
  });
  const states = createStates({
    dataDir: join(dataDir, 'states'),
    accountId,
    region,
    faults: faults.hook('states'),
    invokeFunction: (call) => functions.invoke(call),
    ...(clock === undefined ? {} : { clock }),
  });
  for (const { name, properties } of deployment.resources('AWS::S3::Bucket')) {
    const versioning = properties.VersioningConfiguration as { Status?: string } | undefined;
    await s3.createBucket(name, { versioned: versioning?.Status === 'Enabled' });
  }
  for (const { name, arn, properties } of deployment.resources('AWS::StepFunctions::StateMachine')) {
    const { DefinitionString, RoleArn } = properties as { DefinitionString: string; RoleArn: string };
    await states.createStateMachine({ name, arn, definition: DefinitionString, roleArn: RoleArn, type: 'STANDARD' });
  }
  serve({
    s3: s3.handle,
    ecr: ecr.handle,
    states: states.handle,
    lambda: functions.handle,
    query: queryApi(PLACE, deployment.outputs),
    faults: (request, response) => faultApi(faults, request, response),
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    registry: `127.0.0.1:${port}`,
    dropBucket: deployment.outputs[OUTPUTS.dropBucket] ?? '',
    workBucket: deployment.outputs[OUTPUTS.workBucket] ?? '',
    stateMachineArn: deployment.outputs[OUTPUTS.stateMachineArn] ?? '',
    environment,
    faults,
    ecr,
    states,
    measure: () =>
      functions.measure().map((measure) => ({ ...measure, step: steps.get(measure.name) ?? measure.name })),
    idle: async () => {
      await bus.idle();
      await states.idle();
    },
    close: async () => {
      await states.close();
      await functions.close();
      await Promise.all([s3.close(), ecr.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function clientEnvironment(port: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

function functionSpecs(deployment: Deployment, { assetDir }: Assembly): FunctionSpec[] {
  return deployment.resources('AWS::Lambda::Function').map(({ name, arn, properties }) => {
    const { Code, Handler, MemorySize, Timeout, Environment } = properties as {
      Code: { S3Key: string };
      Handler: string;
      MemorySize?: number;
      Timeout?: number;
      Environment?: { Variables?: Record<string, string> };
    };
    return {
      name,
      arn,
      codeDir: assetDir(Code.S3Key),
      handler: Handler,
      memorySize: MemorySize ?? 128,
      timeout: Timeout ?? 3,
      environment: Environment?.Variables ?? {},
    };
  });
}

/** Physical function name to step: CloudFormation's names are for machines, the description says which step it is. */
function stepNames(deployment: Deployment): Map<string, string> {
  const functions = deployment.resources('AWS::Lambda::Function');
  return new Map(functions.map(({ name, properties }) => [name, String(properties.Description).replace(/^.*: /, '')]));
}

/** Puts S3's `Object Created` event on the bus, for buckets whose template asks for it. */
function announce(created: ObjectCreated, deployment: Deployment, bus: EventBus): void {
  const bucket = deployment.resources('AWS::S3::Bucket').find(({ name }) => name === created.bucket);
  const configuration = bucket?.properties.NotificationConfiguration as
    | { EventBridgeConfiguration?: { EventBridgeEnabled?: boolean } }
    | undefined;
  if (!bucket || configuration?.EventBridgeConfiguration?.EventBridgeEnabled !== true) return;
  const { key, size, etag, versionId, sequencer, reason, time } = created;
  bus.put({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: PLACE.accountId,
    time: new Date(time).toISOString(),
    region: PLACE.region,
    resources: [bucket.arn],
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    detail: {
      version: '0',
      bucket: { name: created.bucket },
      object: { key, size, etag, sequencer, ...(versionId === undefined ? {} : { 'version-id': versionId }) },
      'request-id': randomUUID(),
      requester: PLACE.accountId,
      'source-ip-address': '127.0.0.1',
      reason,
    },
  });
}
