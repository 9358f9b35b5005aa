import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Drop } from './drop';

/** What a {@link Slipway} is made with. */
export interface SlipwayProps {
  /**
   * Who may push where: the prefix of the object's key decides the repositories, the longest prefix wins, and what no
   * drop allows is denied.
   */
  readonly drops: readonly Drop[];
  /**
   * Accounts, beside the own one, whose repositories may be pushed to by `registryId`; their repository policies must
   * allow it as well: docs/destinations.md.
   * @default - none
   */
  readonly registries?: readonly string[];

  /**
   * A bucket that exists. It must send its events to EventBridge, and should keep versions.
   * @default - a new one: versioned, encrypted, TLS only, kept when the stack is deleted
   */
  readonly dropBucket?: IBucket;
  /**
   * Key of the new drop bucket.
   * @default - a key of S3's own
   */
  readonly dropBucketKey?: IKey;
  /**
   * What becomes of the new drop bucket when the stack is deleted.
   * @default RemovalPolicy.RETAIN
   */
  readonly dropBucketRemovalPolicy?: RemovalPolicy;
  /**
   * Key of the work bucket.
   * @default - a key of S3's own
   */
  readonly workBucketKey?: IKey;
  /**
   * What becomes of plans, staged layers and receipts when the stack is deleted.
   * @default RemovalPolicy.DESTROY
   */
  readonly workBucketRemovalPolicy?: RemovalPolicy;
  /**
   * How long receipts, plans and diagnoses are kept.
   * @default Duration.days(90)
   */
  readonly receiptRetention?: Duration;
  /**
   * Bucket that takes the server access logs of both buckets.
   * @default - none are written
   */
  readonly accessLogBucket?: IBucket;

  /**
   * VPC that the functions run in; it needs a NAT gateway, or `vpcEndpoints`.
   * @default - none
   */
  readonly vpc?: IVpc;
  /**
   * Subnets in `vpc`.
   * @default - those with a way out
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the functions in `vpc`.
   * @default - a new one for each function, which lets everything out and nothing in
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * Whether to add to `vpc` the endpoints by which the functions reach ECR, S3, Step Functions, EventBridge, CloudWatch
   * Logs and X-Ray without a way out of it.
   * @default false
   */
  readonly vpcEndpoints?: boolean;

  /**
   * Permissions boundary of every role.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Key of the log groups; its policy must let CloudWatch Logs use it.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
  /**
   * What becomes of the logs when the stack is deleted.
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /**
   * Key of the topics that are made for `notifyEmails`; its policy must let EventBridge use it.
   * @default - none
   */
  readonly topicKey?: IKey;

  /**
   * Whether there is an HTTPS API, with IAM authorization, to start, follow, list and stop pushes, and to drop tarballs.
   * @default false
   */
  readonly api?: boolean;
  /**
   * Whether the API serves a page to drop tarballs by hand and to watch pushes. The page itself is open to everybody and
   * holds nothing; for all that it shows and does, its user's own credentials sign requests to the API.
   * @default false
   */
  readonly page?: boolean;
  /**
   * Requests a second that the API lets through, all callers together.
   * @default 20
   */
  readonly apiRequestsPerSecond?: number;
  /**
   * Requests that may come to the API at once.
   * @default 40
   */
  readonly apiBurst?: number;
  /**
   * Whether the API sets the role by which API Gateway writes logs: one for all APIs of the account in this region, to
   * be left alone where somebody else has set it.
   * @default true
   */
  readonly setApiLogRole?: boolean;

  /**
   * Workers that send layers of one push to ECR at once, 40 at most: each has its share of ECR's quotas.
   * @default 6
   */
  readonly layerConcurrency?: number;
  /**
   * Largest layer that shares an invocation with others; a larger one has invocations of its own.
   * @default Size.mebibytes(32)
   */
  readonly largestPackedLayer?: Size;
  /**
   * Parts of one large layer on their way to ECR at once: with 2 the next is on the wire, all but its last bytes, while
   * one is committed. 1 turns that off.
   * @default 2
   */
  readonly partsInFlight?: 1 | 2;
  /**
   * Longest that a push may take, before it is ended as TIMED_OUT.
   * @default Duration.days(2)
   */
  readonly pushTimeout?: Duration;
  /**
   * Memory of functions in MiB, by the name of the step, such as `UploadLayerParts`.
   * @default - what the step needs
   */
  readonly memorySizes?: Readonly<Record<string, number>>;
  /**
   * Concurrent runs that are kept for a function, and are the most it has, by the name of the step.
   * @default - none: all share what the account has
   */
  readonly reservedConcurrency?: Readonly<Record<string, number>>;
  /**
   * Whether X-Ray follows each push through the workflow and its functions.
   * @default true
   */
  readonly tracing?: boolean;
  /**
   * Whether there are alarms: pushes that failed or timed out, dead letters, restarts.
   * @default true
   */
  readonly alarms?: boolean;
  /**
   * Topic that is told of alarms.
   * @default - none
   */
  readonly alarmTopic?: ITopic;
  /**
   * Whether there is a dashboard.
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * Where people read the runbook; alarms and the dashboard name its sections behind it.
   * @default - docs/runbook.md, as it lies in this package
   */
  readonly runbookUrl?: string;
}
