import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../lambda/contract/push-plan';
import type { RangedReader } from '../../lambda/tar/ranged-reader';
import type { Aws } from '../aws';
import { CommandError } from '../command-error';

/** A tarball that lies in S3, read by ranges of the version that it had when it was looked at. */
export interface S3Tarball {
  readonly version: ObjectVersion;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reader: RangedReader;
}

/** What `s3://bucket/key` names; undefined for anything else. CommandError without a bucket or a key. */
export function parseS3Url(text: string): { bucket: string; key: string } | undefined {
  if (!text.startsWith('s3://')) return undefined;
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(text) ?? [];
  if (bucket && key) return { bucket, key };
  throw new CommandError(`"${text}" names no object`, 'Write it as s3://BUCKET/KEY.');
}

/** Looks at the newest version of an object. Errors: those of S3, and CommandError where there is none. */
export async function s3Tarball({ s3 }: Pick<Aws, 's3'>, bucket: string, key: string): Promise<S3Tarball> {
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).catch((error: Error) => {
    if (error.name !== 'NotFound') throw error;
    throw new CommandError(`s3://${bucket}/${key} does not exist`, 'Correct the bucket, the key or AWS_REGION.');
  });
  const { VersionId: versionId, ETag: etag = '', ContentLength: size = 0, Metadata: metadata = {} } = head;
  const version = { bucket, key, ...(versionId && versionId !== 'null' ? { versionId } : {}), etag, size };
  return { version, metadata, reader: { size, read: (from, length) => readRange(s3, version, from, length) } };
}

async function readRange(s3: Aws['s3'], object: ObjectVersion, from: number, length: number): Promise<Uint8Array> {
  if (from < 0 || from + length > object.size) throw new RangeError(`bytes ${from}+${length} lie outside`);
  if (length === 0) return new Uint8Array(0);
  const request = {
    Bucket: object.bucket,
    Key: object.key,
    VersionId: object.versionId,
    IfMatch: object.etag,
    Range: `bytes=${from}-${from + length - 1}`,
  };
  const { Body } = await s3.send(new GetObjectCommand(request));
  const bytes = await Body?.transformToByteArray();
  if (bytes?.length === length) return bytes;
  throw new Error(`S3 sent ${bytes?.length ?? 0} of ${length} bytes of s3://${object.bucket}/${object.key}`);
}
