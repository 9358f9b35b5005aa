import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { GetObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { NetworkUnreachable, SourceChanged, SourceGone, Superseded } from '../contract/errors';
import type { Finding } from '../contract/finding';
import { ObjectChecksum, type ObjectVersion } from '../contract/push-plan';
import { giveBack } from '../image/give-back';
import type { RangedReader } from '../tar/ranged-reader';
import { s3 } from './clients/s3';
import { headObject } from './head-object';
import { translateError } from './translate-error';

/** Size, etag, version, checksum and user metadata of the tarball as it is now, or of the version asked for. */
export async function describeObject(
  object: { bucket: string; key: string; versionId?: string | undefined },
  owner: string,
): Promise<{ version: ObjectVersion; metadata: Record<string, string> }> {
  const { bucket, key, versionId } = object;
  const request = {
    ...{ Bucket: bucket, Key: key, VersionId: versionId, ExpectedBucketOwner: owner },
    ChecksumMode: 'ENABLED' as const,
  };
  const head = await headObject(request).catch((error) => {
    throw sourceError(error, readAction(object), object);
  });
  return {
    version: {
      bucket,
      key,
      ...(head.VersionId === undefined || head.VersionId === 'null' ? {} : { versionId: head.VersionId }),
      etag: head.ETag ?? '',
      size: head.ContentLength ?? 0,
      ...checksumOf(head),
    },
    metadata: head.Metadata ?? {},
  };
}

/** The checksum that S3 keeps with the object, SHA-256 before others; nothing is read for it. */
function checksumOf(head: HeadObjectCommandOutput): Pick<ObjectVersion, 'checksum'> {
  const type = head.ChecksumType === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT';
  for (const algorithm of ObjectChecksum.shape.algorithm.options) {
    const value = head[`Checksum${algorithm}`];
    if (value !== undefined) return { checksum: { algorithm, type, value } };
  }
  return {};
}

/** Throws Superseded where a newer version of the object is there. One that was hidden or deleted since is no newer one. */
export async function assertNewest({ bucket, key, versionId }: ObjectVersion, owner: string): Promise<void> {
  if (versionId === undefined) return;
  const request = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
  const newest = await headObject(request).catch((error) => {
    if ((error as Error).name === 'NotFound') return undefined;
    throw sourceError(error, 's3:GetObject', { bucket, key });
  });
  if (newest === undefined || newest.VersionId === versionId) return;
  throw new Superseded({
    found: `s3://${bucket}/${key} has a newer version, ${newest.VersionId}, than ${versionId}`,
    expected: 'the newest version, before a tag moves',
    remedy: 'Nothing need be done: the newer version has a push of its own.',
  });
}

/** Exactly `length` bytes of one object version. Errors: SourceGone, SourceChanged, and the shared ones of AWS. */
export async function readRange(
  object: ObjectVersion,
  owner: string,
  firstByte: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  await receiveRange(object, owner, { firstByte, length }, (piece) => {
    bytes.set(piece, at);
    at += piece.length;
  });
  return bytes;
}

/** As {@link readRange}, piece by piece to `take` as they arrive; a piece is good during that call only. */
export async function receiveRange(
  object: ObjectVersion,
  owner: string,
  range: ByteRange,
  take: (piece: Uint8Array) => void,
  abortSignal?: AbortSignal,
): Promise<void> {
  try {
    await receive(await openRange(object, owner, range, abortSignal), range.length, take);
  } catch (error) {
    throw sourceError(error, readAction(object), object);
  }
}

/** Bytes of an object. */
export interface ByteRange {
  readonly firstByte: number;
  /** At least one byte. */
  readonly length: number;
}

/** The bytes as they come: whoever reads them says how fast. Errors as of {@link readRange}, while they come as well. */
export async function* rangePieces(object: ObjectVersion, owner: string, range: ByteRange): AsyncGenerator<Uint8Array> {
  try {
    yield* await openRange(object, owner, range);
  } catch (error) {
    throw sourceError(error, readAction(object), object);
  }
}

/** Random access to one object version. */
export function rangedReader(object: ObjectVersion, owner: string): RangedReader {
  return {
    size: object.size,
    read: async (firstByte, length) => {
      if (firstByte < 0 || firstByte + length > object.size) {
        throw new RangeError(`bytes ${firstByte}+${length} lie outside ${object.size}`);
      }
      return length === 0 ? new Uint8Array(0) : readRange(object, owner, firstByte, length);
    },
  };
}

async function openRange(
  { bucket, key, versionId, etag }: ObjectVersion,
  owner: string,
  { firstByte, length }: ByteRange,
  abortSignal?: AbortSignal,
): Promise<Readable> {
  const request = {
    Bucket: bucket,
    Key: key,
    VersionId: versionId,
    IfMatch: etag,
    ExpectedBucketOwner: owner,
    Range: `bytes=${firstByte}-${firstByte + length - 1}`,
  };
  const { Body, ContentRange } = await s3.send(new GetObjectCommand(request), abortSignal && { abortSignal });
  if (Body && ContentRange?.startsWith(`bytes ${firstByte}-`)) return Body as Readable;
  (Body as Readable | undefined)?.destroy();
  throw new NetworkUnreachable({
    found: `S3 answered range ${request.Range} with ${ContentRange ?? 'the whole object'}`,
    remedy: 'Check that nothing between the function and S3 rewrites requests.',
  });
}

// Events cost less than an iterator, which makes two promises for each piece.
async function receive(body: Readable, length: number, take: (piece: Uint8Array) => void): Promise<void> {
  let at = 0;
  body.on('data', (piece: Uint8Array) => {
    if (at + piece.length <= length) take(piece);
    at += piece.length;
    // Node's HTTP parser copies each piece into memory of its own.
    giveBack(piece);
  });
  await finished(body);
  if (at !== length) throw sentOtherLength(at, length);
}

/** S3 sent another number of bytes than it was asked for. */
export function sentOtherLength(sent: number, asked: number): NetworkUnreachable {
  return new NetworkUnreachable({
    found: `S3 sent ${sent} of ${asked} bytes`,
    remedy: 'Nothing is wrong with the image: the step is tried again.',
  });
}

/** A version that is named takes an action of its own. */
function readAction({ versionId }: { readonly versionId?: string | undefined }): string {
  return versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
}

function sourceError(error: unknown, action: string, object: { bucket: string; key: string }): Error {
  const subject = `s3://${object.bucket}/${object.key}`;
  const { name, message, $metadata } = error as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const finding: Finding = {
    found: `${subject} cannot be read: ${name}: ${message}`,
    expected: 'the version of the object that the push began with',
    remedy: 'Drop the tarball again and leave it in place until the push has ended.',
  };
  if ($metadata?.httpStatusCode === 404) return new SourceGone(finding, { cause: error });
  if ($metadata?.httpStatusCode === 412) return new SourceChanged(finding, { cause: error });
  return translateError(error, `${action} on ${subject}`) ?? (error as Error);
}
