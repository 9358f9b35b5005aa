import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentName } from '../lambda/contract/environment';
import { acknowledge } from './acknowledged';
import { type FunctionSettings, functionSettings } from './function-settings';
import { handlerBundle } from './handler-bundles';

export interface HandlerFunctionProps {
  /** MiB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: { readonly [name in EnvironmentName]?: string };
}

/**
 * The function of one Task state: its construct id is the state's name, and names the handler's file. It has a role of
 * its own that allows nothing but to write its log; who makes the function adds what the step does.
 */
export class HandlerFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    const settings = functionSettings(scope);
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: settings.logRetention,
      removalPolicy: settings.logRemovalPolicy,
      ...(settings.logKey && { encryptionKey: settings.logKey }),
    });
    const reservedConcurrentExecutions = settings.reservedConcurrency[id];
    super(scope, id, {
      ...props,
      memorySize: settings.memorySizes[id] ?? props.memorySize,
      ...(reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions }),
      environment: Object.fromEntries(Object.entries(props.environment)) as Record<string, string>,
      description: `Slipway: ${id}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(handlerBundle(id)),
      handler: 'index.handler',
      logGroup,
      role: functionRole(scope, id, settings, logGroup),
      tracing: settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...placeOf(settings),
    });
    acknowledge(this, 'Serverless-LambdaDLQ');
  }
}

function functionRole(scope: Construct, id: string, settings: FunctionSettings, logGroup: LogGroup): Role {
  const role = new Role(scope, `${id}Role`, {
    description: `Slipway: ${id}`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({
      sid: 'WriteLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  if (settings.vpc) for (const statement of networkStatements(scope)) role.addToPolicy(statement);
  return role;
}

const NETWORK_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lambda itself attaches the function to the VPC with the function's role; the code of the function may not.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkStatements(scope: Construct): PolicyStatement[] {
  const resource = { service: 'lambda', resource: 'function:*' };
  return [
    new PolicyStatement({ sid: 'AttachToVpc', actions: NETWORK_ACTIONS, resources: ['*'] }),
    new PolicyStatement({
      sid: 'DenyNetworkToCode',
      effect: Effect.DENY,
      actions: NETWORK_ACTIONS,
      resources: ['*'],
      conditions: { ArnLike: { 'lambda:SourceFunctionArn': Stack.of(scope).formatArn(resource) } },
    }),
  ];
}

function placeOf({ vpc, vpcSubnets, securityGroups }: FunctionSettings) {
  if (!vpc) return {};
  return { vpc, ...(vpcSubnets && { vpcSubnets }), ...(securityGroups && { securityGroups: [...securityGroups] }) };
}

/** Longest that Lambda lets a function run. */
export const LONGEST = Duration.minutes(15);
