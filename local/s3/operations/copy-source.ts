import type { Bucket, StoredVersion } from '../store/bucket';
import { checkReadConditions, preconditionFailed } from '../wire/conditions';
import { invalidArgument, S3Error } from '../wire/s3-error';
import { splitPath } from '../wire/s3-request';
import type { Call } from './call';

/** The object a copy is made from. */
export interface CopySource {
  readonly bucketName: string;
  readonly key: string;
  /** As the request names it. */
  readonly versionId: string | undefined;
  readonly version: StoredVersion;
}

/**
 * Finds what `x-amz-copy-source` names and holds its conditions against it. AccessDenied, InvalidArgument, NoSuchBucket,
 * NoSuchKey, NoSuchVersion, PreconditionFailed.
 */
export function copySource({ request, store, identity }: Call): CopySource {
  const header = request.header('x-amz-copy-source') ?? '';
  const [path = '', parameters] = header.split('?', 2);
  const { bucket: bucketName, key } = splitPath(path);
  if (bucketName === undefined || key === undefined) {
    throw invalidArgument('x-amz-copy-source', header, 'Copy Source must mention the source bucket and key');
  }
  const expectedOwner = request.header('x-amz-source-expected-bucket-owner');
  if (expectedOwner !== undefined && expectedOwner !== identity.accountId) throw new S3Error('AccessDenied');
  const versionId = new URLSearchParams(parameters).get('versionId') ?? undefined;
  const version = findSource(store.bucket(bucketName), key, versionId);
  if (checkReadConditions(request, version, 'x-amz-copy-source-') === 'not-modified') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
  return { bucketName, key, versionId, version };
}

function findSource(bucket: Bucket, key: string, versionId: string | undefined): StoredVersion {
  try {
    return bucket.find(key, versionId);
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'MethodNotAllowed') throw error;
    throw new S3Error('InvalidRequest', {
      message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
    });
  }
}
