import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { PlannedBlob } from '../contract/push-plan';
import type { Pointer } from '../contract/steps';
import type { InlineBlob } from '../image/found-images';
import { s3 } from './clients/s3';
import { translateError } from './translate-error';

/** Writes what descriptors carry to the work bucket, each where `at` says, so that it is sent from there as layers are. */
export async function stageInlineBlobs(
  blobs: readonly InlineBlob[],
  at: (digest: string) => Pointer,
  owner: string,
): Promise<PlannedBlob[]> {
  const staged: PlannedBlob[] = [];
  for (const { digest, data, entry, diffIds } of blobs) {
    const { bucket, key } = at(digest);
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: data, ExpectedBucketOwner: owner });
    const { ETag: etag = '' } = await s3.send(put).catch((error) => {
      throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
    });
    const size = data.length;
    const from = { bucket, key, etag, size };
    staged.push({ digest, size, entry, firstByte: 0, from, ...(diffIds ? { diffIds } : {}) });
  }
  return staged;
}
