import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { inParallel } from '../../lambda/image/in-parallel';
import { CommandError } from '../command-error';
import { type FileReader, fileReader } from '../tarball/file-reader';
import { UploadRecord } from './upload-record';

/** Where a tarball goes, and what is said with it. */
export interface UploadTarget {
  readonly bucket: string;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Tells how many bytes of how many are there, and how many of these were there before. */
export type OnUploaded = (sent: number, total: number, resumed: number) => void;

interface DonePart {
  readonly PartNumber: number;
  readonly ETag: string;
  readonly ChecksumCRC32: string;
}

const MIB = 1024 * 1024;
const AT_ONCE = 4;

/** Bytes of each part: S3 takes 10,000 parts, so from 72 GB on they are larger than the usual 8 MiB. */
export function partSizeFor(size: number): number {
  return Math.max(8 * MIB, Math.ceil(size / 9_000 / MIB) * MIB);
}

/**
 * Uploads a file in parts, and goes on with an upload of the same file that was interrupted, after the parts that are
 * there were compared with the file. Gives the version id. CommandError where the file changes meanwhile; errors of S3.
 */
export async function uploadFile(
  s3: S3Client,
  path: string,
  target: UploadTarget,
  onUploaded: OnUploaded,
): Promise<string | undefined> {
  const file = await fileReader(path);
  try {
    const before = await stat(path);
    const identity = { ...target, endpoint: await endpointOf(s3), path: resolve(path) };
    const record = new UploadRecord({ ...identity, size: before.size, changed: before.mtimeMs });
    const { uploadId, there } = await begunUpload(s3, target, file, record);
    const parts = await sendParts(s3, target, { file, uploadId, there, onUploaded });
    const after = await stat(path);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changedMeanwhile(path);
    const { VersionId } = await s3.send(
      new CompleteMultipartUploadCommand({ ...named(target), UploadId: uploadId, MultipartUpload: { Parts: parts } }),
    );
    await record.remove();
    return VersionId;
  } finally {
    await file.close();
  }
}

async function begunUpload(s3: S3Client, target: UploadTarget, file: FileReader, record: UploadRecord) {
  const known = await record.uploadId();
  const listed = known === undefined ? undefined : await partsThere(s3, target, known);
  if (known !== undefined && listed) return { uploadId: known, there: await sameParts(listed, file) };
  const { UploadId: uploadId = '' } = await s3.send(
    new CreateMultipartUploadCommand({ ...named(target), Metadata: target.metadata, ChecksumAlgorithm: 'CRC32' }),
  );
  await record.write(uploadId);
  return { uploadId, there: new Map<number, DonePart>() };
}

/** The parts that S3 has; undefined where it does not know the upload any more, or does not tell. */
async function partsThere(s3: S3Client, target: UploadTarget, uploadId: string) {
  const parts: (DonePart & { readonly Size: number })[] = [];
  let marker: string | undefined;
  try {
    do {
      const page = await s3.send(
        new ListPartsCommand({ ...named(target), UploadId: uploadId, PartNumberMarker: marker }),
      );
      for (const { PartNumber = 0, ETag = '', ChecksumCRC32 = '', Size = 0 } of page.Parts ?? []) {
        parts.push({ PartNumber, ETag, ChecksumCRC32, Size });
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  } catch (error) {
    if (/^(NoSuchUpload|AccessDenied)$/.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** Those parts that hold what the file holds at their place. */
async function sameParts(parts: readonly (DonePart & { Size: number })[], file: FileReader) {
  const partSize = partSizeFor(file.size);
  const checked = await inParallel(parts, AT_ONCE, async ({ Size, ...part }) => {
    const { firstByte, length } = placeOf(part.PartNumber, file.size, partSize);
    if (length !== Size || length <= 0) return undefined;
    return checksum(await file.read(firstByte, length)) === part.ChecksumCRC32 ? part : undefined;
  });
  return new Map(checked.flatMap((part) => (part ? [[part.PartNumber, part] as const] : [])));
}

interface Sending {
  readonly file: FileReader;
  readonly uploadId: string;
  readonly there: ReadonlyMap<number, DonePart>;
  readonly onUploaded: OnUploaded;
}

async function sendParts(s3: S3Client, target: UploadTarget, { file, uploadId, there, onUploaded }: Sending) {
  const partSize = partSizeFor(file.size);
  const numbers = Array.from({ length: Math.ceil(file.size / partSize) }, (_, at) => at + 1);
  const lengthOf = (number: number) => placeOf(number, file.size, partSize).length;
  const resumed = [...there.keys()].reduce((sum, number) => sum + lengthOf(number), 0);
  let sent = resumed;
  onUploaded(sent, file.size, resumed);
  return inParallel(numbers, AT_ONCE, async (PartNumber): Promise<DonePart> => {
    const before = there.get(PartNumber);
    if (before) return before;
    const { firstByte, length } = placeOf(PartNumber, file.size, partSize);
    const Body = await file.read(firstByte, length);
    const ChecksumCRC32 = checksum(Body);
    const { ETag = '' } = await s3.send(
      new UploadPartCommand({ ...named(target), UploadId: uploadId, PartNumber, Body, ChecksumCRC32 }),
    );
    sent += length;
    onUploaded(sent, file.size, resumed);
    return { PartNumber, ETag, ChecksumCRC32 };
  });
}

function placeOf(partNumber: number, size: number, partSize: number): { firstByte: number; length: number } {
  const firstByte = (partNumber - 1) * partSize;
  return { firstByte, length: Math.min(partSize, size - firstByte) };
}

function checksum(bytes: Uint8Array): string {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
}

function named({ bucket, key }: UploadTarget) {
  return { Bucket: bucket, Key: key };
}

async function endpointOf(s3: S3Client): Promise<string> {
  const endpoint = await s3.config.endpoint?.();
  return endpoint ? `${endpoint.hostname}:${endpoint.port ?? ''}` : await s3.config.region();
}

function changedMeanwhile(path: string): CommandError {
  return new CommandError(`${path} changed while it was uploaded`, 'Push it again when nothing writes to it.');
}
