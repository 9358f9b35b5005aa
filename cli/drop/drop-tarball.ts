import { constants, type Stats } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { keyTo, parseDestination } from '../../lambda/contract/drop-destination';
import { executionName } from '../../lambda/contract/execution-name';
import type { Aws } from '../aws';
import { CommandError } from '../command-error';
import type { Deployed } from '../deployed';
import { type OnUploaded, partSizeFor, type UploadTarget, uploadFile } from './upload-file';

/** A tarball to push: a file, or bytes in memory or a stream under a file's name. */
export type Tarball =
  | string
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly stream: Readable };

/** A tarball that is there and can be read, with the key it goes under. */
export interface ReadyTarball {
  readonly tarball: Tarball;
  readonly key: string;
  /** Bytes; of a stream not known. */
  readonly size?: number;
  /** Metadata of the object. */
  readonly metadata: Readonly<Record<string, string>>;
}

const STREAMED_PART = 16 * 1024 * 1024;

/**
 * Looks at the tarball and its destination, so that what cannot work fails before AWS is spoken to.
 * Errors: CommandError for a file that cannot be read, and for a destination that is none.
 */
export async function readyTarball(
  tarball: Tarball,
  destination?: string,
  metadata: ReadyTarball['metadata'] = {},
): Promise<ReadyTarball> {
  const key = dropKey(tarball, destination);
  if (typeof tarball === 'string') return { tarball, key, size: await sizeOf(tarball), metadata };
  return 'bytes' in tarball ? { tarball, key, size: tarball.bytes.length, metadata } : { tarball, key, metadata };
}

/** Key under which a tarball goes to `repository:tag`; without a destination its own names count. */
export function dropKey(tarball: Tarball, destination?: string): string {
  if (destination === undefined) return basename(typeof tarball === 'string' ? tarball : tarball.name);
  const { repository, tags } = destinationParts(destination);
  return keyTo({ repository, tag: tags[0] });
}

/** What `REPOSITORY[:TAG]` names. CommandError for what is no destination. */
export function destinationParts(destination: string): { repository: string; tags: [string] } {
  const parsed = parseDestination(destination);
  if (!parsed)
    throw new CommandError(`"${destination}" is no destination`, 'Write it as REPOSITORY or REPOSITORY:TAG.');
  return { repository: parsed.repository, tags: [parsed.tag] };
}

/**
 * Uploads the tarball to the drop bucket, and tells how far it is. A file of more than one part goes on where an
 * interrupted upload of it stopped.
 * @returns ARN of the execution that the drop starts
 */
export async function dropTarball(
  { s3 }: Aws,
  { dropBucket, stateMachineArn }: Deployed,
  ready: ReadyTarball,
  onUploaded: OnUploaded,
): Promise<string> {
  const { key, metadata } = ready;
  const versionId = await upload(s3, ready, { bucket: dropBucket, key, metadata }, onUploaded);
  if (!versionId) throw new CommandError(`Bucket ${dropBucket} keeps no versions`, 'Turn versioning on for it.');
  const machine = stateMachineArn.replace(':stateMachine:', ':execution:');
  return `${machine}:${executionName(key, versionId)}`;
}

async function upload(
  s3: S3Client,
  { tarball, size = 0 }: ReadyTarball,
  target: UploadTarget,
  onUploaded: OnUploaded,
): Promise<string | undefined> {
  if (typeof tarball === 'string') {
    return size > partSizeFor(size)
      ? uploadFile(s3, tarball, target, onUploaded)
      : uploadWhole(s3, await readFile(tarball), target, onUploaded);
  }
  if ('bytes' in tarball) return uploadWhole(s3, tarball.bytes, target, onUploaded);
  return uploadStream(s3, tarball.stream, target, onUploaded);
}

async function uploadWhole(
  s3: S3Client,
  Body: Buffer,
  { bucket, key, metadata }: UploadTarget,
  onUploaded: OnUploaded,
) {
  onUploaded(0, Body.length, 0);
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, Metadata: metadata }));
  onUploaded(Body.length, Body.length, 0);
  return VersionId;
}

/** What comes through a pipe cannot be read twice: it is uploaded as it comes, and begins anew after an interruption. */
async function uploadStream(
  s3: S3Client,
  Body: Readable,
  { bucket, key, metadata }: UploadTarget,
  onUploaded: OnUploaded,
) {
  const params = { Bucket: bucket, Key: key, Body, Metadata: { ...metadata } };
  const sending = new Upload({ client: s3, partSize: STREAMED_PART, queueSize: 4, params });
  sending.on('httpUploadProgress', ({ loaded = 0 }) => onUploaded(loaded, loaded, 0));
  const { VersionId } = await sending.done();
  return VersionId;
}

async function sizeOf(file: string): Promise<number> {
  const remedy = 'Name a tarball file that exists and can be read.';
  const found = await readable(file).catch((error: Error) => {
    throw new CommandError(`${file} cannot be read: ${error.message}`, remedy);
  });
  if (found.isFile()) return found.size;
  throw new CommandError(`${file} is no file`, remedy);
}

async function readable(file: string): Promise<Stats> {
  await access(file, constants.R_OK);
  return stat(file);
}
