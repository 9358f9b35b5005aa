import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged';

export interface WorkBucketProps {
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Takes the server access logs. */
  readonly accessLogBucket?: IBucket | undefined;
  /** @default Duration.days(90) */
  readonly receiptRetention?: Duration | undefined;
}

/** Plans, receipts, staged layers and unpacked tarballs: all of it can be made again, and expires. */
export class WorkBucket extends Bucket {
  constructor(scope: Construct, id: string, props: WorkBucketProps = {}) {
    const { encryptionKey, removalPolicy, receiptRetention, accessLogBucket } = props;
    super(scope, id, {
      versioned: true,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      ...(accessLogBucket && { serverAccessLogsBucket: accessLogBucket, serverAccessLogsPrefix: 'work/' }),
      minimumTLSVersion: 1.2,
      removalPolicy: removalPolicy ?? RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          // What was replaced or has expired is needed by nobody; a day is for those who look why.
          noncurrentVersionExpiration: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        // A push reads it to its end, and a later one finds it for three days: lambda/aws/plain-tarball.ts.
        { prefix: 'unpacked/', expiration: Duration.days(7) },
        { prefix: 'staged/', expiration: Duration.days(30) },
        { prefix: 'pushes/', expiration: receiptRetention ?? Duration.days(90) },
      ],
    });
    if (!accessLogBucket) acknowledge(this, 'AwsSolutions-S1');
  }
}
