import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Internal } from '../contract/errors';
import type { Pointer } from '../contract/steps';
import { s3 } from './clients/s3';
import { translateError } from './translate-error';

/** Reads one JSON document and gives it the shape that `schema` demands. */
export async function readDocument<T>(
  pointer: Pointer,
  owner: string,
  schema: { parse(value: unknown): T },
): Promise<T> {
  const document = await readOptionalDocument(pointer, owner, schema);
  if (document !== undefined) return document;
  throw new Internal({
    found: `s3://${pointer.bucket}/${pointer.key} is gone`,
    expected: 'a document that lives as long as its execution',
    remedy: 'Check the lifecycle rules of the work bucket, then drop the tarball again.',
  });
}

/** As {@link readDocument}; undefined where there is none. */
export async function readOptionalDocument<T>(
  { bucket, key }: Pointer,
  owner: string,
  schema: { parse(value: unknown): T },
): Promise<T | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: owner }));
    return schema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw translateError(error, `s3:GetObject on s3://${bucket}/${key}`) ?? error;
  }
}

/** Writes one JSON document; writing it again writes the same. `abortSignal` gives it up. */
export async function writeDocument(
  { bucket, key }: Pointer,
  owner: string,
  document: unknown,
  options: { readonly abortSignal?: AbortSignal } = {},
): Promise<void> {
  const request = {
    Bucket: bucket,
    Key: key,
    Body: JSON.stringify(document),
    ContentType: 'application/json',
    ExpectedBucketOwner: owner,
  };
  await s3.send(new PutObjectCommand(request), options).catch((error) => {
    throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
  });
}
