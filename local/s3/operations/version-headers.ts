import type { Checksum } from '../checksum/checksum';
import { type Bucket, NULL_VERSION, type StoredVersion } from '../store/bucket';
import type { S3Request } from '../wire/s3-request';

/** An ETag as it stands in headers and lists. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** `x-amz-version-id`, where the bucket has ever had versioning on. */
export function versionHeader(bucket: Bucket, version: StoredVersion): Record<string, string> {
  const silent = bucket.versioning === 'Unversioned' && version.versionId === NULL_VERSION;
  return silent ? {} : { 'x-amz-version-id': version.versionId };
}

/** The checksum of an object or part as headers. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/** The checksum of an object or part as XML elements. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}

/** Whether a read asks for the checksum. */
export function wantsChecksum(request: S3Request): boolean {
  return request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
}
