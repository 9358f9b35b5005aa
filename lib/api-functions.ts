import { Aws, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { dropsJson } from './drop';
import { HandlerFunction } from './handler-function';
import { grantPermissions } from './permission';
import { PERMISSIONS } from './permissions';
import type { PushApiProps } from './push-api';

/** Functions of the operations of the API, by the operation's name; memory in MiB. */
const OPERATIONS = {
  CreatePush: { memorySize: 512 },
  // Holds the plan, and what became of each image.
  GetPush: { memorySize: 1024 },
  ListPushes: { memorySize: 512 },
  StopPush: { memorySize: 512 },
  PresignDrop: { memorySize: 512 },
} as const;

type OperationName = keyof typeof OPERATIONS;
export type ApiFunctions = Readonly<Record<OperationName, HandlerFunction>>;

/** Creates the functions of the API, each with a role that allows its own calls and no more. */
export function apiFunctions(scope: Construct, props: PushApiProps): ApiFunctions {
  const { dropBucket, workBucket, stateMachine, drops } = props;
  const pushes = { SLIPWAY_STATE_MACHINE_ARN: stateMachine.stateMachineArn };
  const documents = { SLIPWAY_WORK_BUCKET: workBucket.bucketName, SLIPWAY_ACCOUNT_ID: Aws.ACCOUNT_ID };
  const uploads = { SLIPWAY_DROP_BUCKET: dropBucket.bucketName, SLIPWAY_DROPS: dropsJson(drops) };
  // API Gateway waits for 29 seconds.
  const create = (name: OperationName, environment: Record<string, string>) => {
    const options = { ...OPERATIONS[name], timeout: Duration.seconds(29), environment };
    const operation = new HandlerFunction(scope, name, options);
    grantPermissions(operation, PERMISSIONS[name], props);
    return operation;
  };
  return {
    CreatePush: create('CreatePush', pushes),
    GetPush: create('GetPush', { ...pushes, ...documents }),
    ListPushes: create('ListPushes', pushes),
    StopPush: create('StopPush', pushes),
    PresignDrop: create('PresignDrop', uploads),
  };
}
