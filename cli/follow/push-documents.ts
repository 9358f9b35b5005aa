import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DOCUMENT_KEYS } from '../../lambda/contract/document-keys';
import { PushPlan } from '../../lambda/contract/push-plan';
import { UploadPlan } from '../../lambda/contract/upload-plan';
import { CompressionProgress, UploadProgress } from '../../lambda/contract/upload-progress';
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
  // A layer that takes no time has none, and without s3:ListBucket S3 says that this is denied.
  const note = (digest: string) => read(workBucket, DOCUMENT_KEYS.progress(push, digest)).catch(() => undefined);
  return {
    plan: async ({ bucket, key }) => {
      workBucket = bucket;
      return UploadPlan.parse(await read(bucket, key));
    },
    plainLayers: async ({ bucket, key }) => {
      workBucket = bucket;
      return PushPlan.parse(await read(bucket, key)).plainLayers;
    },
    noted: async (digest) => UploadProgress.safeParse(await note(digest)).data,
    compressed: async (diffId) => CompressionProgress.safeParse(await note(diffId)).data?.compressed,
  };
}
