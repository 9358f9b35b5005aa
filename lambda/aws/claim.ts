import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Claim } from '../contract/claim';
import type { Pointer } from '../contract/steps';
import { s3 } from './clients/s3';
import { translateError } from './translate-error';
import { readDocument, writeDocument } from './work-bucket';

/** A piece of work that is done once: a document in the work bucket says by whom, and whether it is done. */
export interface ClaimedWork {
  readonly pointer: Pointer;
  readonly owner: string;
  /** The same each time one invocation is tried again; other for every other one. */
  readonly holder: string;
  /** A holder that has not ended after this time never will. */
  readonly voidAfterMs: number;
}

/**
 * Does the work unless it is done, or another holder is at it. Tried again after a failure it is done by the one
 * who failed; only one who ends between the work and its record does it twice.
 */
export async function doOnce(claim: ClaimedWork, work: () => Promise<void>): Promise<'done' | 'known'> {
  const { pointer, owner, holder } = claim;
  if (!(await isFirst(claim)) && !(await mayTakeOver(claim))) return 'known';
  await work();
  await writeDocument(pointer, owner, { holder, at: Date.now(), done: true } satisfies Claim);
  return 'done';
}

async function isFirst({ pointer: { bucket, key }, owner, holder }: ClaimedWork): Promise<boolean> {
  const document: Claim = { holder, at: Date.now(), done: false };
  const put = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: JSON.stringify(document),
    ContentType: 'application/json',
    ExpectedBucketOwner: owner,
    IfNoneMatch: '*',
  });
  try {
    await s3.send(put);
    return true;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    // 409: another one is just writing it.
    if (name === 'PreconditionFailed' || $metadata?.httpStatusCode === 409) return false;
    throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
  }
}

async function mayTakeOver({ pointer, owner, holder, voidAfterMs }: ClaimedWork): Promise<boolean> {
  const claim = await readDocument(pointer, owner, Claim);
  return !claim.done && (claim.holder === holder || claim.at + voidAfterMs < Date.now());
}
