import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Api, createApi } from './api';
import { deployedApis } from './deployed-apis';
import { stepNames } from './deployed-functions';
import { bucketKeys, roleSpecs } from './deployed-roles';
import { createEcr, type Ecr } from './ecr';
import { EventBus } from './event-bus';
import type { Call, FaultScript } from './fault-script';
import { createFunctions, type FunctionFault, type FunctionSpec, type Functions } from './functions';
import { createIam, type Iam, type Service } from './iam';
import { objectCreatedEvent } from './object-created';
import { putEventsApi } from './put-events';
import { createS3, type ObjectCreated, type S3 } from './s3';
import { type Clock, createStates, type States } from './states';
import { statusChangeEvent } from './status-change-event';
import type { Deployment, Place } from './template';

// Room for every step to stay warm, and for the layers that go up side by side.
const MAX_ENVIRONMENTS = 32;

/** The services of a small AWS, and the bus between them. */
interface LocalServices {
  readonly iam: Iam;
  readonly functions: Functions;
  readonly bus: EventBus;
  readonly putEvents: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly s3: S3;
  readonly ecr: Ecr;
  readonly states: States;
  readonly api: Api;
}

/** What the services run on. */
interface Surroundings {
  readonly dataDir: string;
  readonly clock?: Clock;
  /** What InitiateLayerUpload answers as part size, in bytes. */
  readonly partSize?: number;
  /** Given to every function. */
  readonly environment: Record<string, string>;
  readonly faults: FaultScript;
}

/** Opens the services, each in a folder of its own, and joins them as AWS joins them. */
export function startServices(
  deployment: Deployment,
  specs: readonly FunctionSpec[],
  place: Place,
  { dataDir, clock, partSize, environment, faults }: Surroundings,
): LocalServices {
  const { accountId, region } = place;
  const steps = stepNames(deployment);
  const functions = createFunctions({
    functions: specs,
    accountId,
    region,
    environment,
    logDir: join(dataDir, 'logs'),
    maxEnvironments: MAX_ENVIRONMENTS,
    faults: ({ functionName, payload }) =>
      faults.hook<FunctionFault>('lambda')({ operation: steps.get(functionName) ?? functionName, input: { payload } }),
  });
  const bus = new EventBus(deployment, (call) => functions.invoke(call), {
    deadLetters: join(dataDir, 'dead-letters.jsonl'),
    notifications: join(dataDir, 'notifications.jsonl'),
  });
  const keys = bucketKeys(deployment);
  const iam = createIam({ accountId, region, roles: roleSpecs(deployment), bucketKey: (bucket) => keys.get(bucket) });
  const service = (name: 's3' | 'ecr' | 'states') => ({
    dataDir: join(dataDir, name),
    accountId,
    region,
    faults: judged(iam, name, faults.hook<never>(name)),
  });
  return {
    iam,
    functions,
    bus,
    putEvents: putEventsApi(bus, place, judged(iam, 'events', faults.hook<never>('events'))),
    s3: createS3({
      ...service('s3'),
      missingKeys: (call) => iam.judgeMissingKey(call, call.accessKeyId),
      onObjectCreated: (created) => announce(created, deployment, place, bus),
    }),
    api: createApi({
      apis: deployedApis(deployment),
      accountId,
      region,
      secretOf: (accessKeyId) =>
        accessKeyId === environment.AWS_ACCESS_KEY_ID ? environment.AWS_SECRET_ACCESS_KEY : undefined,
      invokeFunction: (call) => functions.invoke(call),
    }),
    // The one way in which uploads of ECR are known to vanish.
    ecr: createEcr({ ...service('ecr'), dropSiblings: true, ...(partSize === undefined ? {} : { partSize }) }),
    states: createStates({
      ...service('states'),
      invokeFunction: (call) => functions.invoke(call),
      onStatusChange: (change) => bus.put(statusChangeEvent(change, place)),
      ...(clock === undefined ? {} : { clock }),
    }),
  };
}

/** What may not be done is not done: the scripted faults are for calls that are allowed. */
function judged<Fault>(iam: Iam, service: Service, faults: (call: Call) => Promise<Fault | undefined>) {
  return async (call: Call & { readonly accessKeyId?: string | undefined }) =>
    iam.judge(service, call, call.accessKeyId) ?? (await faults(call));
}

/** Puts the template's buckets and state machine where they belong; what a folder holds from before stays. */
export async function createResources(deployment: Deployment, { s3, states }: LocalServices): Promise<void> {
  for (const { name, properties } of deployment.resources('AWS::S3::Bucket')) {
    const versioning = properties.VersioningConfiguration as { Status?: string } | undefined;
    await s3.createBucket(name, { versioned: versioning?.Status === 'Enabled' });
  }
  for (const { name, arn, properties } of deployment.resources('AWS::StepFunctions::StateMachine')) {
    const { DefinitionString, RoleArn } = properties as { DefinitionString: string; RoleArn: string };
    await states.createStateMachine({ name, arn, definition: DefinitionString, roleArn: RoleArn, type: 'STANDARD' });
  }
}

/** Ends all work and waits for what is being written. Executions first: what they call must be there to answer. */
export async function closeServices({ states, bus, functions, s3, ecr }: LocalServices): Promise<void> {
  await states.close();
  bus.close();
  await functions.close();
  await bus.idle();
  await Promise.all([s3.close(), ecr.close()]);
}

function announce(created: ObjectCreated, deployment: Deployment, place: Place, bus: EventBus): void {
  const event = objectCreatedEvent(created, deployment, place);
  if (event) bus.put(event);
}
