import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { dropsJson } from './drop';
import { HandlerFunction } from './handler-function';
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
  const create = (name: OperationName, environment: Record<string, string>) =>
    new HandlerFunction(scope, name, { ...OPERATIONS[name], timeout: Duration.seconds(29), environment });
  const functions = {
    CreatePush: create('CreatePush', pushes),
    GetPush: create('GetPush', { ...pushes, ...documents }),
    ListPushes: create('ListPushes', pushes),
    StopPush: create('StopPush', pushes),
    PresignDrop: create('PresignDrop', uploads),
  };
  grant(functions, props);
  return functions;
}

function grant(functions: ApiFunctions, { dropBucket, workBucket, stateMachine, drops }: PushApiProps): void {
  stateMachine.grantStartExecution(functions.CreatePush);
  stateMachine.grantExecution(functions.CreatePush, 'states:DescribeExecution');
  stateMachine.grantExecution(functions.GetPush, 'states:DescribeExecution', 'states:GetExecutionHistory');
  stateMachine.grant(functions.ListPushes, 'states:ListExecutions');
  stateMachine.grantExecution(functions.StopPush, 'states:DescribeExecution', 'states:StopExecution');
  const allow = (name: OperationName, action: string, ...resources: string[]) =>
    functions[name].addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
  allow('GetPush', 's3:GetObject', workBucket.arnForObjects('pushes/*'));
  // Whether a document is there is asked for, and without this S3 answers 403 where it is not.
  allow('GetPush', 's3:ListBucket', workBucket.bucketArn);
  workBucket.encryptionKey?.grant(functions.GetPush, 'kms:Decrypt');
  // A presigned URL allows what the role that signed it may.
  const folders = drops.map(({ prefix }) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`));
  allow('PresignDrop', 's3:PutObject', ...folders.map((folder) => dropBucket.arnForObjects(`${folder}*`)));
  dropBucket.encryptionKey?.grant(functions.PresignDrop, 'kms:GenerateDataKey');
}
