import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentName } from '../lambda/contract/environment';
import { handlerBundle } from './handler-bundles';

export interface HandlerFunctionProps {
  /** MiB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: { readonly [name in EnvironmentName]?: string };
}

/** The function of one Task state: its construct id is the state's name, and names the handler's file. */
export class HandlerFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id, {
      ...props,
      environment: Object.fromEntries(Object.entries(props.environment)) as Record<string, string>,
      description: `Slipway: ${id}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(handlerBundle(fileOf(id))),
      handler: 'index.handler',
      logGroup: new LogGroup(scope, `${id}Log`, {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
  }
}

function fileOf(id: string): string {
  return id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}

/** Longest that Lambda lets a function run. */
export const LONGEST = Duration.minutes(15);
