import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DOCUMENT_KEYS } from '../../lambda/contract/document-keys';
import { UploadPlan } from '../../lambda/contract/upload-plan';
import { UploadProgress } from '../../lambda/contract/upload-progress';
import type { Aws } from '../aws';
import type { PushDocuments } from './layer-progress';

/** The documents of one push, which reads them with the credentials of the caller. */
export function pushDocuments({ s3 }: Pick<Aws, 's3'>, executionArn: string): PushDocuments {
  const push = executionArn.split(':').at(-1) ?? '';
  const read = async (Bucket: string, Key: string): Promise<unknown> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  };
  let workBucket = '';
  return {
    plan: async ({ bucket, key }) => {
      workBucket = bucket;
      return UploadPlan.parse(await read(bucket, key));
    },
    // A layer that takes no time has none, and without s3:ListBucket S3 says that this is denied.
    noted: async (digest) =>
      UploadProgress.safeParse(await read(workBucket, DOCUMENT_KEYS.progress(push, digest)).catch(() => undefined))
        .data,
  };
}
