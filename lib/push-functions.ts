import { Aws, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { dropsJson } from './drop';
import { HandlerFunction, LONGEST } from './handler-function';
import { grantPermissions, type Surroundings } from './permission';
import { PERMISSIONS } from './permissions';

const BRIEF = Duration.minutes(5);

/** Functions of the Task states, by the state's name; memory in MiB: what the step needs, and CPU in proportion. */
const STEPS = {
  // One whole vCPU: a tarball that is compressed as a whole is unpacked here.
  InspectTarball: { memorySize: 1769, timeout: LONGEST },
  PrepareRepositories: { memorySize: 256, timeout: BRIEF },
  // Two whole vCPUs: compression is all it does, a thread on each. More memory is more of them: decision 18.
  StageLayer: { memorySize: 3538, timeout: LONGEST },
  FindMissingLayers: { memorySize: 512, timeout: BRIEF },
  VerifyPack: { memorySize: 512, timeout: LONGEST },
  UploadSmallLayers: { memorySize: 512, timeout: LONGEST },
  InitiateLayerUpload: { memorySize: 256, timeout: BRIEF },
  UploadLayerParts: { memorySize: 512, timeout: LONGEST },
  CompleteLayerUpload: { memorySize: 256, timeout: BRIEF },
  CheckLayerAvailability: { memorySize: 256, timeout: BRIEF },
  RestartLayerUpload: { memorySize: 256, timeout: BRIEF },
  PutImage: { memorySize: 512, timeout: BRIEF },
  DiagnoseImage: { memorySize: 256, timeout: BRIEF },
  WriteReceipt: { memorySize: 512, timeout: BRIEF },
  DiagnoseFailure: { memorySize: 256, timeout: BRIEF },
} as const;

export type StepName = keyof typeof STEPS;
export type PushFunctions = Readonly<Record<StepName, HandlerFunction>>;

/** Names of all steps. */
export const STEP_NAMES = Object.keys(STEPS) as StepName[];

export interface PushFunctionsProps extends Surroundings {
  /** Workers that send layers of one push at once, among whom the quotas of ECR are shared out. */
  readonly layerConcurrency: number;
  /** Bytes. */
  readonly largestPackedLayer: number;
  /** Of one layer. */
  readonly partsInFlight: number;
}

/** Creates the functions of the workflow, each with a role that allows its own calls and no more. */
export function pushFunctions(scope: Construct, props: PushFunctionsProps): PushFunctions {
  const environment = {
    SLIPWAY_WORK_BUCKET: props.workBucket.bucketName,
    SLIPWAY_ACCOUNT_ID: Aws.ACCOUNT_ID,
    SLIPWAY_DROPS: dropsJson(props.drops),
    SLIPWAY_LAYER_CONCURRENCY: String(props.layerConcurrency),
    SLIPWAY_LARGEST_PACKED_LAYER: String(props.largestPackedLayer),
    SLIPWAY_PARTS_IN_FLIGHT: String(props.partsInFlight),
    SLIPWAY_REGISTRIES: JSON.stringify(props.registries),
  };
  const entries = STEP_NAMES.map((name) => [name, new HandlerFunction(scope, name, { ...STEPS[name], environment })]);
  const functions = Object.fromEntries(entries) as PushFunctions;
  for (const name of STEP_NAMES) grantPermissions(functions[name], PERMISSIONS[name], props);
  return functions;
}
