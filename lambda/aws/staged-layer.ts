import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../contract/push-plan';
import type { Pointer } from '../contract/steps';
import { StagedLayer } from '../contract/upload-plan';
import { s3 } from './clients';
import { translateError } from './translate-error';
import { readOptionalDocument } from './work-bucket';

// Names the recipe of lambda/image/gzip-layer.ts: another recipe gives other bytes, and must be another folder.
const RECIPE = 'gzip-1';

/** Where a plain layer is staged: its bytes, and the record of their digest. Content-addressed, shared by all pushes. */
export function stagedLayerPointers(diffId: string, bucket: string): { blob: Pointer; record: Pointer } {
  const key = `staged/${RECIPE}/${diffId.replace(':', '-')}`;
  return { blob: { bucket, key: `${key}.tar.gz` }, record: { bucket, key: `${key}.json` } };
}

/** The staged form of a plain layer, if an earlier step or push left it in the work bucket and it is still whole. */
export async function findStagedLayer(diffId: string, bucket: string, owner: string): Promise<StagedLayer | undefined> {
  const staged = await readOptionalDocument(stagedLayerPointers(diffId, bucket).record, owner, StagedLayer);
  return staged && (await stillThere(staged.object, owner)) ? staged : undefined;
}

// S3 takes 10,000 parts of at least 5 MiB: 16 MiB carry more than any layer that ECR takes.
const PART_SIZE = 16 * 1024 * 1024;

/** Writes a stream of unknown length to the work bucket, one 16 MiB part in memory; nothing is visible before the end. */
export async function writeStream(
  { bucket, key }: Pointer,
  owner: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ object: ObjectVersion; digest: string; size: number }> {
  const target = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
  const hash = createHash('sha256');
  let size = 0;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target)).catch(rethrow(bucket, key));
  try {
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for await (const Body of inParts(pieces)) {
      hash.update(Body);
      size += Body.length;
      const PartNumber = parts.length + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
      parts.push({ ETag, PartNumber });
    }
    const MultipartUpload = { Parts: parts };
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    const object = { bucket, key, etag: done.ETag ?? '', size };
    return { object, digest: `sha256:${hash.digest('hex')}`, size };
  } catch (error) {
    // A lifecycle rule removes what stays behind, should this fail as well.
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    return rethrow(bucket, key)(error);
  }
}

async function stillThere({ bucket, key, etag }: ObjectVersion, owner: string): Promise<boolean> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner }));
    return head.ETag === etag;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return false;
    return rethrow(bucket, key)(error);
  }
}

async function* inParts(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const part = Buffer.allocUnsafe(PART_SIZE);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const some = piece.subarray(at, at + PART_SIZE - filled);
      part.set(some, filled);
      filled += some.length;
      at += some.length;
      if (filled < PART_SIZE) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function rethrow(bucket: string, key: string): (error: unknown) => never {
  return (error) => {
    throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
  };
}
