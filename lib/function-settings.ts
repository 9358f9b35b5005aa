import { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What all functions of one Slipway have in common. */
export interface FunctionSettings {
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
  readonly tracing: boolean;
  readonly logRetention: RetentionDays;
  readonly logKey?: IKey | undefined;
  readonly logRemovalPolicy: RemovalPolicy;
  /** MiB, by the function's name; those that are absent keep what they need. */
  readonly memorySizes: Readonly<Record<string, number>>;
  /** Environments kept for a function, by its name. */
  readonly reservedConcurrency: Readonly<Record<string, number>>;
}

const KEY = 'ecr-slipway:function-settings';

const DEFAULTS: FunctionSettings = {
  tracing: true,
  logRetention: RetentionDays.ONE_MONTH,
  logRemovalPolicy: RemovalPolicy.DESTROY,
  memorySizes: {},
  reservedConcurrency: {},
};

/** Gives all functions below a construct these settings; to be called before the first of them is made. */
export function setFunctionSettings(scope: Construct, settings: FunctionSettings): void {
  scope.node.setContext(KEY, settings);
}

/** The settings for functions in this scope. */
export function functionSettings(scope: Construct): FunctionSettings {
  return (scope.node.tryGetContext(KEY) as FunctionSettings | undefined) ?? DEFAULTS;
}
