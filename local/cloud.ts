import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTPUTS } from '../lambda/contract/outputs';
import type { SlipwayStackProps } from '../lib';
import { collectLater } from './collect-later';
import { deployedApis } from './deployed-apis';
import { functionSpecs, stepNames } from './deployed-functions';
import type { Ecr } from './ecr';
import { faultApi } from './fault-api';
import { FaultScript } from './fault-script';
import type { FunctionMeasure, Functions } from './functions';
import type { Iam } from './iam';
import { type Handle, listen, type Port } from './one-port';
import { queryApi } from './query-api';
import { closeServices, createResources, startServices } from './services';
import type { Clock, States } from './states';
import { type Assembly, synthesize } from './synthesize';
import { type Deployment, deploy, type Place } from './template';

export interface CloudOptions {
  /** Folder that everything is kept in. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly stack?: SlipwayStackProps;
  /** What was synthesized before, to save the time; then `stack` is not looked at. */
  readonly assembly?: Assembly;
  /** Clock of the state machine. @default the machine's */
  readonly clock?: Clock;
  /** What InitiateLayerUpload answers as part size, in bytes. @default 10,485,760 */
  readonly partSize?: number;
  /** Environment variables for every function, beside those of the template. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
  /** Makes what browsers get at `/_slipway/`. @default nothing is there */
  readonly page?: (places: CloudPlaces) => Handle;
}

/** Where things are, and the environment of clients. */
export type CloudPlaces = Pick<Cloud, 'environment' | 'apiUrl'>;

/** A running small AWS with Slipway deployed in it. */
export interface Cloud {
  readonly endpoint: string;
  /** Host and port for docker-style pulls. */
  readonly registry: string;
  readonly dropBucket: string;
  readonly workBucket: string;
  readonly stateMachineArn: string;
  /** Where the API answers, with a "/" at the end; '' where the stack has none. */
  readonly apiUrl: string;
  /** Environment that makes any AWS SDK or the `aws` command use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly faults: FaultScript;
  /** What the roles of the functions allow. */
  readonly iam: Iam;
  readonly ecr: Ecr;
  readonly states: States;
  /** What each step's function used so far, by the step's name. */
  measure(): (FunctionMeasure & { step: string })[];
  /** Runs the function of a step, beside whatever the state machine does. */
  invoke(step: string, payload: string): Promise<{ payload: string; functionError?: string }>;
  /** Kills every function that is at work, as when its machine is lost; resolves when they are gone. */
  killRunning(): Promise<void>;
  /** Resolves when no event is on its way and no execution runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const PLACE: Place = { stackName: 'SlipwayStack', accountId: '000000000000', region: 'us-east-1' };

/**
 * Synthesizes the stack and runs it: the same template, rule, functions and definition that a deployment has. Errors:
 * those of `listen`, such as EADDRINUSE, before anything else is done.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  collectLater();
  const port = await listen(options.port);
  // Outside the repository, whose package.json would tell Node how to read the bundles.
  const assemblyDir = mkdtempSync(join(tmpdir(), 'slipway-assembly-'));
  const remove = () => rmSync(assemblyDir, { recursive: true, force: true });
  process.once('exit', remove);
  const end = async () => {
    await port.close();
    remove();
    process.off('exit', remove);
  };
  try {
    const assembly = options.assembly ?? synthesize(PLACE.stackName, options.stack ?? {}, assemblyDir);
    return await run(assembly, port, options, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function run(assembly: Assembly, port: Port, options: CloudOptions, end: () => Promise<void>): Promise<Cloud> {
  const deployment = deploy(assembly.template, PLACE);
  const environment = clientEnvironment(port.number);
  const faults = new FaultScript();
  const services = startServices(deployment, functionSpecs(deployment, assembly), PLACE, {
    ...options,
    environment: { ...environment, ...options.functionEnvironment },
    faults,
  });
  await createResources(deployment, services);
  const outputs = { ...deployment.outputs, ...localAddresses(deployment, port.number) };
  port.serve({
    s3: services.s3.handle,
    ecr: services.ecr.handle,
    states: services.states.handle,
    api: services.api.handle,
    events: services.putEvents,
    lambda: services.functions.handle,
    query: queryApi(PLACE, outputs),
    faults: (request, response) => faultApi(faults, request, response),
    page: options.page?.({ ...places(port.number, outputs), environment }) ?? notFound,
  });
  return {
    ...places(port.number, outputs),
    environment,
    faults,
    iam: services.iam,
    ecr: services.ecr,
    states: services.states,
    measure: () => measure(services.functions, deployment),
    invoke: (step, payload) => services.functions.invoke({ functionArn: functionOf(step, deployment), payload }),
    killRunning: () => services.functions.killRunning(),
    idle: async () => {
      await services.bus.idle();
      await services.states.idle();
      // What ended is told of.
      await services.bus.idle();
    },
    close: async () => {
      await closeServices(services);
      await end();
    },
  };
}

const notFound: Handle = async (_request, response) => {
  response.writeHead(404).end();
};

/** Outputs that lead to AWS, with where the same is here instead. */
function localAddresses(deployment: Deployment, port: number): Record<string, string> {
  const [api] = deployedApis(deployment);
  if (!api) return {};
  const url = `http://127.0.0.1:${port}/_aws/execute-api/${api.id}/${api.stage}/`;
  const hasPage = api.methods.some(({ resource }) => resource === '/page');
  return { [OUTPUTS.apiUrl]: url, ...(hasPage && { [OUTPUTS.pageUrl]: `${url}page` }) };
}

function places(port: number, outputs: Readonly<Record<string, string>>) {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    registry: `127.0.0.1:${port}`,
    dropBucket: outputs[OUTPUTS.dropBucket] ?? '',
    workBucket: outputs[OUTPUTS.workBucket] ?? '',
    stateMachineArn: outputs[OUTPUTS.stateMachineArn] ?? '',
    apiUrl: outputs[OUTPUTS.apiUrl] ?? '',
  };
}

function measure(functions: Functions, deployment: Deployment): (FunctionMeasure & { step: string })[] {
  const steps = stepNames(deployment);
  return functions.measure().map((used) => ({ ...used, step: steps.get(used.name) ?? used.name }));
}

function functionOf(step: string, deployment: Deployment): string {
  return [...stepNames(deployment)].find(([, name]) => name === step)?.[0] ?? step;
}

function clientEnvironment(port: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: PLACE.region,
    // The first version of the aws command looks nowhere else.
    AWS_DEFAULT_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
