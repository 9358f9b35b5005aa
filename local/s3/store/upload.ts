import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from '../checksum/checksum';
import type { ObjectHeaders } from '../wire/object-headers';
import { S3Error } from '../wire/s3-error';
import type { Piece } from './bodies';
import type { Bucket } from './bucket';
import { readAllJson, readJsonIfThere, writeJson } from './json-file';

/** A part as it was stored. */
export interface StoredPart {
  readonly partNumber: number;
  /** Without quotes: the MD5 of its bytes. */
  readonly etag: string;
  readonly size: number;
  /** Milliseconds. */
  readonly lastModified: number;
  /** Of the kind the upload goes by. */
  readonly checksum: Checksum;
  /** The one its client gave, of whatever kind. */
  readonly given?: Checksum;
  readonly piece: Piece;
}

/** What is fixed when a multipart upload begins. */
export interface UploadTerms {
  readonly uploadId: string;
  readonly key: string;
  /** Milliseconds. */
  readonly initiated: number;
  readonly headers: ObjectHeaders;
  /** As the client asked for; absent where it asked for none, and CRC64NVME is worked out on the side. */
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload extends UploadTerms {
  readonly parts: Map<number, StoredPart>;
}

/** Begins an upload. */
export async function beginUpload(bucket: Bucket, terms: Omit<UploadTerms, 'uploadId' | 'initiated'>): Promise<Upload> {
  const uploadId = randomBytes(48).toString('base64url');
  const stored: UploadTerms = { ...terms, uploadId, initiated: bucket.room.now() };
  await mkdir(uploadFolder(bucket, uploadId), { recursive: true });
  await writeJson(join(uploadFolder(bucket, uploadId), 'terms'), stored);
  const upload = { ...stored, parts: new Map<number, StoredPart>() };
  bucket.uploads.set(uploadId, upload);
  return upload;
}

/** The upload with this id, if it is for this key. NoSuchUpload. */
export function findUpload(bucket: Bucket, key: string, uploadId: string): Upload {
  const upload = bucket.uploads.get(uploadId);
  if (!upload || upload.key !== key) throw new S3Error('NoSuchUpload', { details: { UploadId: uploadId } });
  return upload;
}

/** Keeps a part, in place of an earlier one of its number. NoSuchUpload where the upload ended meanwhile. */
export async function keepPart(bucket: Bucket, upload: Upload, part: StoredPart): Promise<void> {
  await inTurn(bucket, upload, async () => {
    if (!bucket.uploads.has(upload.uploadId)) {
      await bucket.room.bodies.remove([part.piece]);
      throw new S3Error('NoSuchUpload', { details: { UploadId: upload.uploadId } });
    }
    const replaced = upload.parts.get(part.partNumber);
    await writeJson(join(uploadFolder(bucket, upload.uploadId), `${part.partNumber}.json`), part);
    upload.parts.set(part.partNumber, part);
    if (replaced) await bucket.room.bodies.remove([replaced.piece]);
  });
}

/** Ends an upload; the bytes of its parts go, but for the pieces in `kept`. */
export async function endUpload(bucket: Bucket, upload: Upload, kept: readonly Piece[] = []): Promise<void> {
  bucket.uploads.delete(upload.uploadId);
  await rm(uploadFolder(bucket, upload.uploadId), { recursive: true, force: true });
  const files = new Set(kept.map(({ file }) => file));
  const pieces = [...upload.parts.values()].map(({ piece }) => piece);
  await bucket.room.bodies.remove(pieces.filter(({ file }) => !files.has(file)));
}

/** Runs a task while no part is being kept and nobody else ends the upload. */
export function inTurn<T>(bucket: Bucket, { uploadId }: Upload, task: () => Promise<T>): Promise<T> {
  return bucket.room.turns.take(`upload ${uploadId}`, task);
}

/** Reads the uploads of a bucket from disk. */
export async function restoreUploads(bucket: Bucket): Promise<void> {
  const used = new Set<string>();
  for (const key of bucket.keys()) {
    for (const { pieces } of bucket.versions(key)) for (const { file } of pieces) used.add(file);
  }
  for (const uploadId of await readdir(join(bucket.folder, 'uploads'))) {
    const folder = uploadFolder(bucket, uploadId);
    const terms = await readJsonIfThere<UploadTerms>(join(folder, 'terms'));
    const parts = await readAllJson<StoredPart>(folder);
    // A kill between the object's birth and the upload's end leaves both: the object has the bytes now.
    const ended = parts.some(({ piece }) => used.has(piece.file));
    if (!terms || ended) await rm(folder, { recursive: true, force: true });
    else bucket.uploads.set(uploadId, { ...terms, parts: new Map(parts.map((part) => [part.partNumber, part])) });
  }
}

function uploadFolder(bucket: Bucket, uploadId: string): string {
  return join(bucket.folder, 'uploads', uploadId);
}
