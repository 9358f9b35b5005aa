import type { Bucket, StoredVersion } from '../store/bucket';
import type { Store } from '../store/store';
import type { Reply } from '../wire/reply';
import { invalidArgument } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';

/** Who this S3 is. */
export interface Identity {
  readonly region: string;
  readonly accountId: string;
}

/** Why an object came to be, as S3 events say it. */
export type CreationReason = 'PutObject' | 'CompleteMultipartUpload' | 'CopyObject';

/** What an operation has to work with. */
export interface Call {
  readonly request: S3Request;
  readonly store: Store;
  readonly identity: Identity;
  /** Tells the world, after the answer, that an object was created. */
  announce(bucket: Bucket, key: string, version: StoredVersion, reason: CreationReason): void;
}

/** Carries one S3 operation out. */
export type Operation = (call: Call) => Promise<Reply>;

/** The bucket a call is for. NoSuchBucket. */
export function bucketOf({ request, store }: Call): Bucket {
  return store.bucket(request.bucket ?? '');
}

/** The bucket and key a call is for. NoSuchBucket. */
export function target(call: Call): { bucket: Bucket; key: string } {
  return { bucket: bucketOf(call), key: call.request.key ?? '' };
}

/** A query parameter that is a whole number from `least` to `most`. InvalidArgument. */
export function wholeNumber(request: S3Request, name: string, least: number, most: number): number | undefined {
  const text = request.query.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalidArgument(name, text, `${name} must be a whole number between ${least} and ${most}`);
}

/** How many rows a list may have: 1000, or fewer where the request says so. InvalidArgument. */
export function pageSize(request: S3Request, name: string): number {
  return Math.min(wholeNumber(request, name, 0, 2 ** 31 - 1) ?? 1000, 1000);
}
