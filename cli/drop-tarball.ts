import { createReadStream, type Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { Upload } from '@aws-sdk/lib-storage';
import { executionName } from '../lambda/contract/execution-name';
import type { Aws } from './aws';
import { CommandError } from './command-error';
import type { Deployed } from './deployed';

/** A tarball to push: a file, or bytes in memory under a file's name. */
export type Tarball = string | { readonly name: string; readonly bytes: Buffer };

/** A tarball that is there and can be read, with the key it goes under. */
export interface ReadyTarball {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  open(): Readable | Buffer;
}

/**
 * Looks at the tarball and its destination, so that what cannot work fails before AWS is spoken to.
 * Errors: CommandError for a file that cannot be read, and for a destination that is none.
 */
export async function readyTarball(tarball: Tarball, destination?: string): Promise<ReadyTarball> {
  const key = dropKey(tarball, destination);
  if (typeof tarball !== 'string') return { key, size: tarball.bytes.length, open: () => tarball.bytes };
  return { key, size: await sizeOf(tarball), open: () => createReadStream(tarball, { highWaterMark: 1024 * 1024 }) };
}

/** Key under which a tarball goes to `repository:tag`; without a destination its own names count. */
export function dropKey(tarball: Tarball, destination?: string): string {
  if (destination === undefined) return basename(typeof tarball === 'string' ? tarball : tarball.name);
  const { repository, tags } = destinationParts(destination);
  return `${repository}/${tags[0]}.tar`;
}

/** What `REPOSITORY[:TAG]` names. CommandError for what is no destination. */
export function destinationParts(destination: string): { repository: string; tags: [string] } {
  const colon = destination.lastIndexOf(':');
  const repository = colon < 0 ? destination : destination.slice(0, colon);
  const tag = colon < 0 ? 'latest' : destination.slice(colon + 1);
  if (repository === '' || tag === '' || tag.includes('/')) {
    throw new CommandError(`"${destination}" is no destination`, 'Write it as REPOSITORY or REPOSITORY:TAG.');
  }
  return { repository, tags: [tag] };
}

/**
 * Uploads the tarball to the drop bucket, in parts, and tells how far it is.
 * @returns ARN of the execution that the drop starts
 */
export async function dropTarball(
  { s3 }: Aws,
  { dropBucket, stateMachineArn }: Deployed,
  { key, size, open }: ReadyTarball,
  onProgress: (sent: number, total: number) => void,
): Promise<string> {
  // S3 takes 10,000 parts: from 80 GB on they must be larger than the usual 8 MiB.
  const partSize = Math.max(8 * 1024 * 1024, Math.ceil(size / 9_000));
  const upload = new Upload({
    client: s3,
    partSize,
    queueSize: 4,
    params: { Bucket: dropBucket, Key: key, Body: open() },
  });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onProgress(loaded, size));
  const { VersionId } = await upload.done();
  if (!VersionId) throw new CommandError(`Bucket ${dropBucket} keeps no versions`, 'Turn versioning on for it.');
  const machine = stateMachineArn.replace(':stateMachine:', ':execution:');
  return `${machine}:${executionName(key, VersionId)}`;
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
