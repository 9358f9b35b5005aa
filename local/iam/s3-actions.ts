import type { Requirement } from './evaluate';

/** One call on a service. */
export interface Call {
  readonly operation: string;
  /** Parameters under their API names. */
  readonly input: Readonly<Record<string, unknown>>;
}

type Action = string | ((input: Call['input']) => string);

type KeyAction = 'kms:Decrypt' | 'kms:GenerateDataKey';

interface Need {
  readonly action: Action;
  /** What is done with the key of an encrypted bucket. */
  readonly key?: KeyAction | ((input: Call['input']) => KeyAction | undefined);
}

const ofVersion = (action: string) => (input: Call['input']) =>
  input.VersionId === undefined ? action : `${action}Version`;
const WRITE: Need = { action: 's3:PutObject', key: 'kms:GenerateDataKey' };
// A part is decrypted when the parts are put together.
const WRITE_PART: Need = { action: 's3:PutObject', key: 'kms:Decrypt' };

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html, and for keys
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
const ON_OBJECTS: Readonly<Record<string, Need>> = {
  AbortMultipartUpload: { action: 's3:AbortMultipartUpload' },
  CompleteMultipartUpload: WRITE_PART,
  CopyObject: WRITE,
  CreateMultipartUpload: WRITE,
  DeleteObject: { action: ofVersion('s3:DeleteObject') },
  GetObject: { action: ofVersion('s3:GetObject'), key: 'kms:Decrypt' },
  // The checksum of an object is kept encrypted, what else HEAD tells is not.
  HeadObject: {
    action: ofVersion('s3:GetObject'),
    key: ({ ChecksumMode }) => (ChecksumMode === 'ENABLED' ? 'kms:Decrypt' : undefined),
  },
  ListParts: { action: 's3:ListMultipartUploadParts' },
  PutObject: WRITE,
  UploadPart: WRITE_PART,
  UploadPartCopy: WRITE_PART,
};

const ON_BUCKETS: Readonly<Record<string, string>> = {
  CreateBucket: 's3:CreateBucket',
  DeleteBucket: 's3:DeleteBucket',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketVersioning: 's3:GetBucketVersioning',
  HeadBucket: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  PutBucketVersioning: 's3:PutBucketVersioning',
};

/**
 * What a caller of S3 must be allowed to do; undefined for an operation that is not known here.
 * @param keyOf ARN of the KMS key that a bucket is encrypted with
 */
export function s3Requirements(
  { operation, input }: Call,
  keyOf: (bucket: string) => string | undefined,
): Requirement[] | undefined {
  const bucket = String(input.Bucket);
  const onBucket = ON_BUCKETS[operation];
  if (onBucket !== undefined) return [{ action: onBucket, resource: `arn:aws:s3:::${bucket}` }];
  const need = ON_OBJECTS[operation];
  if (need === undefined) return undefined;
  return [...sourceOf(input, keyOf), ...onObject(need, { bucket, key: String(input.Key), input }, keyOf)];
}

/** Who may list a bucket is told that a key is not there; others are denied. */
export function listRequirement({ input }: Call): Requirement {
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${String(input.Bucket)}` };
}

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly input: Call['input'];
}

function onObject(need: Need, { bucket, key, input }: Target, keyOf: (bucket: string) => string | undefined) {
  const action = typeof need.action === 'string' ? need.action : need.action(input);
  const keyAction = typeof need.key === 'function' ? need.key(input) : need.key;
  const kmsKey = keyAction && keyOf(bucket);
  return [
    { action, resource: `arn:aws:s3:::${bucket}/${key}` },
    ...(keyAction && kmsKey ? [{ action: keyAction, resource: kmsKey }] : []),
  ];
}

function sourceOf({ CopySource }: Call['input'], keyOf: (bucket: string) => string | undefined): Requirement[] {
  if (typeof CopySource !== 'string') return [];
  const [path = '', versionId] = decodeURIComponent(CopySource).replace(/^\//, '').split('?versionId=');
  const slash = path.indexOf('/');
  const source = { bucket: path.slice(0, slash), key: path.slice(slash + 1), input: { VersionId: versionId } };
  return onObject(ON_OBJECTS.GetObject as Need, source, keyOf);
}
