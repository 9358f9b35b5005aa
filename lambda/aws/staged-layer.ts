import { createHash, type Hash } from 'node:crypto';
import type { ObjectVersion } from '../contract/push-plan';
import type { Pointer } from '../contract/steps';
import { StagedLayer } from '../contract/upload-plan';
import { type Staging, stagedLayerPointers } from '../upload/staged-layer-pointers';
import type { EarlyUpload } from './early-upload';
import { headObject } from './head-object';
import { translateError } from './translate-error';
import { readOptionalDocument } from './work-bucket';
import { writeStream } from './write-stream';

/**
 * The staged form of a plain layer, if an earlier step or push left its record in the work bucket, and the bytes that the
 * record names, if any, are still whole.
 */
export async function findStagedLayer(layer: Staging, bucket: string, owner: string): Promise<StagedLayer | undefined> {
  const staged = await readOptionalDocument(stagedLayerPointers(layer, bucket).record, owner, StagedLayer);
  const isWhole = staged && (!staged.object || (await stillThere(staged.object, owner)));
  return isWhole ? staged : undefined;
}

/** Writes the bytes of a staged layer, and tells their digest. */
export async function writeStagedLayer(
  blob: Pointer,
  owner: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ object: ObjectVersion; digest: string; size: number }> {
  const hash = createHash('sha256');
  const object = await writeStream(blob, owner, hashed(pieces, hash));
  return { object, digest: `sha256:${hash.digest('hex')}`, size: object.size };
}

/**
 * Digest and size of a layer that `early` sends whole; where its sending ends before, undefined, and no more is read.
 */
export async function sendAlone(
  early: EarlyUpload,
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ digest: string; size: number } | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of hashed(early.through(pieces), hash)) {
    if (early.isOver) return undefined;
    size += piece.length;
  }
  return early.attempt?.allSent ? { digest: `sha256:${hash.digest('hex')}`, size } : undefined;
}

async function* hashed(pieces: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

async function stillThere({ bucket, key, etag }: ObjectVersion, owner: string): Promise<boolean> {
  try {
    const head = await headObject({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner });
    return head.ETag === etag;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return false;
    throw translateError(error, `s3:GetObject on s3://${bucket}/${key}`) ?? error;
  }
}
