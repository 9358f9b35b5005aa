import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Plans, receipts, staged layers and unpacked tarballs: all of it can be made again, and expires. */
export class WorkBucket extends Bucket {
  /** @param encryptionKey customer managed key; without it S3's own. */
  constructor(scope: Construct, id: string, encryptionKey?: IKey) {
    super(scope, id, {
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(encryptionKey && { encryptionKey, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // A push reads it to its end, and a later one finds it for three days: lambda/aws/plain-tarball.ts.
        { prefix: 'unpacked/', expiration: Duration.days(7) },
        { prefix: 'staged/', expiration: Duration.days(30) },
        { prefix: 'pushes/', expiration: Duration.days(90) },
      ],
    });
  }
}
