import { Aspects, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { dropFolder } from '../lambda/contract/drop';
import { LARGEST_PACKED_LAYER } from '../lambda/contract/packing';
import { AcknowledgedWildcards } from './acknowledged-wildcards';
import { Alarms } from './alarms';
import { problemsOf } from './check-props';
import { Dashboard } from './dashboard';
import { DropBucket } from './drop-bucket';
import { setFunctionSettings } from './function-settings';
import { ImagePush } from './image-push';
import { Notices } from './notices';
import type { Surroundings } from './permission';
import { PERMISSIONS } from './permissions';
import { PropsInvalid } from './props-invalid';
import { PushApi } from './push-api';
import { pushFunctions } from './push-functions';
import { PushMetrics } from './push-metrics';
import type { SlipwayProps } from './slipway-props';
import { StartOnDrop } from './start-on-drop';
import { VpcEndpoints } from './vpc-endpoints';
import { WorkBucket } from './work-bucket';

/** A bucket to drop image tarballs into, and the workflow that puts their images into Amazon ECR. */
export class Slipway extends PushMetrics {
  /** Where tarballs are dropped. */
  readonly dropBucket: IBucket;
  /** Plans, staged layers, receipts. */
  readonly workBucket: WorkBucket;
  /** The workflow. */
  readonly imagePush: ImagePush;
  /** What starts it when a tarball is dropped. */
  readonly startOnDrop: StartOnDrop;
  /** What tells how each push ended. */
  readonly notices: Notices;
  /** The API over HTTPS, where `api` asks for it. */
  readonly api?: PushApi;
  /** The alarms, unless they are left out. */
  readonly alarms?: Alarms;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SlipwayProps,
  ) {
    super(scope, id);
    requireSound(this, props);
    this.settle();
    this.dropBucket = props.dropBucket ?? this.newDropBucket();
    this.workBucket = new WorkBucket(this, 'WorkBucket', {
      encryptionKey: props.workBucketKey,
      removalPolicy: props.workBucketRemovalPolicy,
      receiptRetention: props.receiptRetention,
      accessLogBucket: props.accessLogBucket,
    });
    this.imagePush = this.newImagePush();
    const surroundings = { ...this.surroundings(), stateMachine: this.stateMachine };
    this.startOnDrop = new StartOnDrop(this, 'StartOnDrop', surroundings);
    this.notices = new Notices(this, 'Notices', { ...surroundings, topicKey: props.topicKey });
    if (props.api) this.api = new PushApi(this, 'PushApi', { ...surroundings, ...apiOptions(props) });
    const { runbookUrl: runbook = 'docs/runbook.md', alarmTopic: topic } = props;
    if (props.alarms !== false) this.alarms = new Alarms(this, 'Alarms', { metrics: this, runbook, topic });
    if (props.dashboard !== false) {
      new Dashboard(this, 'Dashboard', { metrics: this, alarms: this.alarms, runbook });
    }
    Aspects.of(this).add(new AcknowledgedWildcards());
    const { permissionsBoundary } = props;
    if (permissionsBoundary) PermissionsBoundary.of(this).apply(permissionsBoundary);
  }

  /** The state machine of the workflow. */
  get stateMachine(): StateMachine {
    return this.imagePush.stateMachine;
  }

  /**
   * Lets a principal, of this account or another, drop tarballs into the folder of one drop, whole or part by part.
   * @param prefix of one of the drops, as it was given
   */
  grantDrop(grantee: IGrantable, prefix: string): Grant {
    const { drops } = this.props;
    if (!drops.some((drop) => dropFolder(drop.prefix) === dropFolder(prefix))) {
      const known = drops.map((drop) => `"${drop.prefix}"`).join(', ');
      throw new Error(`${this.node.path}: there is no drop "${prefix}"; there are ${known}`);
    }
    // Parts are decrypted when they are put together.
    this.dropBucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
    return Grant.addToPrincipalOrResource({
      grantee,
      // Whoever is of another account is let in by the bucket's own policy.
      resource: this.dropBucket,
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resourceArns: [this.dropBucket.arnForObjects(`${dropFolder(prefix)}*`)],
    });
  }

  /** Lets a principal start pushes of what lies in the drop bucket, and follow them. */
  grantStartPush(grantee: IGrantable): Grant {
    return this.stateMachine
      .grantStartExecution(grantee)
      .combine(this.stateMachine.grantExecution(grantee, 'states:DescribeExecution', 'states:GetExecutionHistory'));
  }

  private settle(): void {
    const { props } = this;
    const { vpc, vpcSubnets, securityGroups, tracing = true, logKey } = props;
    setFunctionSettings(this, {
      ...{ vpc, vpcSubnets, securityGroups, tracing, logKey },
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      logRemovalPolicy: props.logRemovalPolicy ?? RemovalPolicy.DESTROY,
      memorySizes: props.memorySizes ?? {},
      reservedConcurrency: props.reservedConcurrency ?? {},
    });
    if (vpc && props.vpcEndpoints) new VpcEndpoints(this, 'VpcEndpoints', { vpc, vpcSubnets, tracing });
  }

  private newDropBucket(): DropBucket {
    const { dropBucketKey: encryptionKey, dropBucketRemovalPolicy: removalPolicy, accessLogBucket } = this.props;
    return new DropBucket(this, 'DropBucket', { encryptionKey, removalPolicy, accessLogBucket });
  }

  private newImagePush(): ImagePush {
    const { layerConcurrency = 6, partsInFlight = 2, largestPackedLayer, pushTimeout } = this.props;
    const surroundings = this.surroundings();
    const functions = pushFunctions(this, {
      ...{ ...surroundings, layerConcurrency, partsInFlight },
      largestPackedLayer: largestPackedLayer?.toBytes() ?? LARGEST_PACKED_LAYER,
    });
    const timeout = pushTimeout ?? Duration.days(2);
    return new ImagePush(this, 'ImagePush', { functions, surroundings, layerConcurrency, timeout });
  }

  private surroundings(): Surroundings {
    const { dropBucket, workBucket } = this;
    const { drops, registries = [] } = this.props;
    const isForeignDropBucket = this.props.dropBucket !== undefined;
    return { dropBucket, workBucket, drops, registries, isForeignDropBucket };
  }
}

function requireSound(construct: Construct, props: SlipwayProps): void {
  const problems = problemsOf(props, Object.keys(PERMISSIONS), Stack.of(construct).region);
  if (problems.length > 0) throw new PropsInvalid(construct.node.path, problems);
}

function apiOptions(props: SlipwayProps) {
  const { apiRequestsPerSecond: requestsPerSecond, apiBurst: burst, setApiLogRole: setsLogRole, page } = props;
  return { requestsPerSecond, burst, setsLogRole, page };
}
