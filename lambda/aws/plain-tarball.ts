import { createHash } from 'node:crypto';
import type { ObjectVersion, PushPlan } from '../contract/push-plan';
import type { Pointer } from '../contract/steps';
import { PEEK } from '../image/magic';
import { mostUnpacked, outerCompression, unpackTarball } from '../image/outer-compression';
import { headObject } from './head-object';
import { readRange } from './source-object';
import { streamRange } from './stream-range';
import { translateError } from './translate-error';
import { MOST_STREAMED, writeStream } from './write-stream';

// The lifecycle rule of lib/work-bucket.ts removes it after seven days: what is found has four left at least.
const LONGEST_REUSED_MS = 3 * 24 * 60 * 60 * 1000;

/** Where a tarball may be unpacked to, and whether there is time for more of it. */
export interface Unpacking {
  readonly workBucket: string;
  readonly owner: string;
  mayGoOn(): boolean;
}

/**
 * The object with the plain tar: the one dropped or, where that is compressed as a whole, what it unpacks to in the
 * work bucket, made now or by an earlier push. Errors of unpacking and of S3.
 */
export async function plainTarball(
  dropped: ObjectVersion,
  { workBucket, owner, mayGoOn }: Unpacking,
): Promise<Pick<PushPlan, 'source' | 'dropped'>> {
  if (dropped.size === 0) return { source: dropped };
  const compression = outerCompression(await readRange(dropped, owner, 0, Math.min(PEEK, dropped.size)));
  if (!compression) return { source: dropped };
  const target = unpackedPointer(dropped, workBucket);
  const found = await findUnpacked(target, owner);
  if (found) return { source: found, dropped };
  const limits = { bytes: mostUnpacked(dropped.size, MOST_STREAMED), mayGoOn };
  const pieces = unpackTarball(compression, streamRange(dropped, owner, 0, dropped.size), limits);
  return { source: await writeStream(target, owner, pieces), dropped };
}

/** Named by the one version that it is unpacked from. */
function unpackedPointer({ bucket, key, versionId = '', etag }: ObjectVersion, workBucket: string): Pointer {
  const name = createHash('sha256').update(JSON.stringify([bucket, key, versionId, etag]));
  return { bucket: workBucket, key: `unpacked/${name.digest('hex')}.tar` };
}

/** It becomes visible only when it is whole, so what is there can be used. */
async function findUnpacked({ bucket, key }: Pointer, owner: string): Promise<ObjectVersion | undefined> {
  try {
    const head = await headObject({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner });
    const isFresh = Date.now() - (head.LastModified?.getTime() ?? 0) < LONGEST_REUSED_MS;
    return isFresh ? { bucket, key, etag: head.ETag ?? '', size: head.ContentLength ?? 0 } : undefined;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return undefined;
    throw translateError(error, `s3:GetObject on s3://${bucket}/${key}`) ?? error;
  }
}
