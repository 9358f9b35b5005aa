import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Drop } from './drop';

/** What a permission is about: all that its resources are named by. */
export interface Surroundings {
  readonly dropBucket: IBucket;
  /** The drop bucket was there before, and may keep no versions. */
  readonly isForeignDropBucket: boolean;
  readonly workBucket: IBucket;
  readonly drops: readonly Drop[];
  /** Accounts beside the own one whose repositories may be pushed to. */
  readonly registries: readonly string[];
  /** Absent while the functions of the workflow are made, which it waits for. */
  readonly stateMachine?: StateMachine;
}

/** The same, once there is a state machine. */
export type CompleteSurroundings = Surroundings & { readonly stateMachine: StateMachine };

/** One statement of a role. */
export interface Permission {
  /** Its name in the template, and in docs/security.md. */
  readonly sid: string;
  readonly why: string;
  readonly actions: readonly string[];
  /** ARNs; where there are none, there is no statement. */
  readonly on: (surroundings: Surroundings) => readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** What S3 does with the key of a bucket for it, where the bucket has one. */
  readonly keys?: readonly KeyUse[];
}

/** A use of the key of a bucket, by S3 and on behalf of the caller. */
export interface KeyUse {
  readonly of: 'dropBucket' | 'workBucket';
  readonly action: 'kms:Decrypt' | 'kms:GenerateDataKey';
}

/** Allows a principal these permissions, and the uses of keys that come with them. */
export function grantPermissions(to: IGrantable, permissions: readonly Permission[], surroundings: Surroundings): void {
  for (const statement of [
    ...permissions.flatMap((permission) => statementOf(permission, surroundings)),
    ...keyStatements(permissions, surroundings),
  ]) {
    to.grantPrincipal.addToPrincipalPolicy(statement);
  }
}

/** The statement of one permission; none where it is about nothing. */
export function statementOf(
  { sid, actions, on, conditions }: Permission,
  surroundings: Surroundings,
): PolicyStatement[] {
  const resources = [...on(surroundings)];
  if (actions.length === 0 || resources.length === 0) return [];
  return [new PolicyStatement({ sid, actions: [...actions], resources, ...(conditions && { conditions }) })];
}

/** Name of the statements by which roles use keys of buckets. */
export const KEY_SID = 'UseKeysOfBuckets';

function keyStatements(permissions: readonly Permission[], surroundings: Surroundings): PolicyStatement[] {
  const uses = permissions
    .filter(({ on }) => on(surroundings).length > 0)
    .flatMap(({ keys = [] }) => keys)
    .flatMap(({ of, action }) => {
      const { encryptionKey } = surroundings[of];
      return encryptionKey ? [[encryptionKey.keyArn, action] as const] : [];
    });
  const arns = [...new Set(uses.map(([arn]) => arn))];
  return arns.map((arn, index) => {
    const actions = [...new Set(uses.filter(([of]) => of === arn).map(([, action]) => action))];
    return new PolicyStatement({
      sid: `${KEY_SID}${index === 0 ? '' : index + 1}`,
      actions,
      resources: [arn],
      conditions: throughService('s3'),
    });
  });
}

/** Condition that a key is used by a service of this region, for the caller; its name ends otherwise in China. */
export function throughService(service: 's3' | 'ecr'): NonNullable<Permission['conditions']> {
  return { StringLike: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com*` } };
}

/** ARNs of repositories by patterns of their names, in these registries of this region. */
export function repositoryArns(patterns: readonly string[], registries: readonly string[]): string[] {
  const names = [...new Set(patterns)];
  return registries.flatMap((account) =>
    names.map((name) => `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${account}:repository/${name}`),
  );
}

/** ARN of all executions of a state machine. */
export function executionArns(stateMachine: StateMachine): string {
  return Stack.of(stateMachine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
