import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged';

export interface DropBucketProps {
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Takes the server access logs. */
  readonly accessLogBucket?: IBucket | undefined;
}

/** Where tarballs are dropped: versioned, so that a push reads one version from its first byte to its last. */
export class DropBucket extends Bucket {
  constructor(scope: Construct, id: string, props: DropBucketProps = {}) {
    const { encryptionKey, removalPolicy, accessLogBucket } = props;
    super(scope, id, {
      versioned: true,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      ...(removalPolicy && { removalPolicy }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      ...(accessLogBucket && { serverAccessLogsBucket: accessLogBucket, serverAccessLogsPrefix: 'drop/' }),
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7), noncurrentVersionExpiration: Duration.days(30) },
      ],
    });
    if (!accessLogBucket) acknowledge(this, 'AwsSolutions-S1');
    // `eventBridgeEnabled` would say the same by a custom resource with a function of its own.
    (this.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
  }
}
