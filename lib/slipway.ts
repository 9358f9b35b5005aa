import type { Size } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { LARGEST_PACKED_LAYER } from '../lambda/contract/packing';
import type { Drop } from './drop';
import { DropBucket } from './drop-bucket';
import { ImagePush } from './image-push';
import { Notices } from './notices';
import { PushApi } from './push-api';
import { pushFunctions } from './push-functions';
import { StartOnDrop } from './start-on-drop';
import { WorkBucket } from './work-bucket';

export interface SlipwayProps {
  /**
   * Who may push where: the prefix of the object's key decides the repositories, the longest prefix wins, and what no
   * drop allows is denied. Patterns are exact names, or hold `*` for any characters.
   */
  readonly drops: readonly Drop[];
  /**
   * Repositories that a push may create when they are missing, as patterns.
   * @default - none
   */
  readonly createRepositories?: readonly string[];
  /**
   * Whether repositories that a push creates have immutable tags.
   * @default false
   */
  readonly immutableTags?: boolean;
  /**
   * KMS key that both buckets are encrypted with; whoever drops tarballs needs `kms:GenerateDataKey` on it.
   * @default - the buckets are encrypted by S3
   */
  readonly encryptionKey?: IKey;
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
   * Whether there is an HTTPS API, with IAM authorization, to start, follow, list and stop pushes, and to drop tarballs.
   * @default false
   */
  readonly api?: boolean;
}

/** A bucket to drop image tarballs into, and the workflow that puts their images into Amazon ECR. */
export class Slipway extends Construct {
  /** Where tarballs are dropped. */
  readonly dropBucket: DropBucket;
  /** Plans, staged layers, receipts. */
  readonly workBucket: WorkBucket;
  readonly imagePush: ImagePush;
  /** Where it is asked for. */
  readonly api?: PushApi;

  constructor(scope: Construct, id: string, props: SlipwayProps) {
    super(scope, id);
    this.dropBucket = new DropBucket(this, 'DropBucket', props.encryptionKey);
    this.workBucket = new WorkBucket(this, 'WorkBucket', props.encryptionKey);
    const layerConcurrency = props.layerConcurrency ?? 6;
    const functions = pushFunctions(this, {
      layerConcurrency,
      dropBucket: this.dropBucket,
      workBucket: this.workBucket,
      drops: props.drops,
      largestPackedLayer: props.largestPackedLayer?.toBytes() ?? LARGEST_PACKED_LAYER,
      createRepositories: {
        repositories: [...(props.createRepositories ?? [])],
        immutableTags: props.immutableTags ?? false,
      },
      partsInFlight: props.partsInFlight ?? 2,
    });
    this.imagePush = new ImagePush(this, 'ImagePush', { functions, layerConcurrency });
    const { stateMachine } = this.imagePush;
    if (props.api) this.api = new PushApi(this, 'PushApi', { ...this, stateMachine, drops: props.drops });
    new StartOnDrop(this, 'StartOnDrop', { dropBucket: this.dropBucket, stateMachine });
    new Notices(this, 'Notices', { stateMachine, workBucket: this.workBucket, drops: props.drops });
  }
}
