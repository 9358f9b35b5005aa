import type { Checksum } from '../checksum/checksum';
import type { Bucket } from '../store/bucket';
import { findUpload, keepPart, type Upload } from '../store/upload';
import { byteRange } from '../wire/byte-range';
import { type Fingerprint, fingerprint, MAX_OBJECT_BYTES, receivePayload, type Sink } from '../wire/payload';
import { payloadClaims } from '../wire/payload-claims';
import { xmlReply } from '../wire/reply';
import { invalidArgument, S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type Operation, target, wholeNumber } from './call';
import { copySource } from './copy-source';
import { checksumElements, checksumHeaders, quoted, versionHeader } from './version-headers';

const MAX_PARTS = 10_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const partNumber = requirePartNumber(request);
  const upload = findUpload(bucket, key, request.query.get('uploadId') ?? '');
  requireAlgorithm(upload, payloadClaims(request).checksum?.algorithm);
  const kept = upload.algorithm ?? 'CRC64NVME';
  const found = await storePart(bucket, upload, partNumber, (sink) => receivePayload(request, sink, kept));
  // The type belongs to whole objects; a part's checksum is told only to whom gave it.
  const { 'x-amz-checksum-type': _, ...checksum } = checksumHeaders(found.given);
  return { status: 200, headers: { etag: quoted(found.md5), ...checksum } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const partNumber = requirePartNumber(request);
  const upload = findUpload(bucket, key, request.query.get('uploadId') ?? '');
  const source = copySource(call);
  const range = sourceRange(request.header('x-amz-copy-source-range'), source.version.size);
  if (range.lastByte - range.firstByte + 1 > MAX_OBJECT_BYTES) throw new S3Error('EntityTooLarge');
  const bytes = bucket.room.bodies.read(source.version.pieces, range.firstByte, range.lastByte);
  const found = await storePart(bucket, upload, partNumber, (sink) =>
    fingerprint(bytes, upload.algorithm ?? 'CRC64NVME', sink),
  ).finally(bytes.letGo);
  const { ChecksumType: _, ...checksum } = checksumElements(upload.algorithm && found.checksum);
  const content = { LastModified: new Date(bucket.room.now()).toISOString(), ETag: quoted(found.md5), ...checksum };
  const sourceVersion = versionHeader(call.store.bucket(source.bucketName), source.version)['x-amz-version-id'];
  return xmlReply(
    'CopyPartResult',
    content,
    sourceVersion === undefined ? {} : { 'x-amz-copy-source-version-id': sourceVersion },
  );
};

async function storePart<T extends Fingerprint & { given?: Checksum | undefined }>(
  bucket: Bucket,
  upload: Upload,
  partNumber: number,
  fill: (sink: Sink) => Promise<T>,
): Promise<T> {
  const { piece, found } = await bucket.room.bodies.write(fill);
  const { md5: etag, size, checksum, given } = found;
  const part = { partNumber, etag, size, checksum, piece, lastModified: bucket.room.now() };
  await keepPart(bucket, upload, given ? { ...part, given } : part);
  return found;
}

function requirePartNumber(request: S3Request): number {
  const partNumber = wholeNumber(request, 'partNumber', 1, MAX_PARTS);
  if (partNumber !== undefined) return partNumber;
  throw invalidArgument('partNumber', '', `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`);
}

// A full-object checksum can do without those of the parts; a composite one is made of them.
function requireAlgorithm(upload: Upload, given: string | undefined): void {
  // An upload begun without an algorithm takes any part; the reckoning comes when it is completed.
  if (upload.algorithm === undefined || given === upload.algorithm) return;
  if (given === undefined && upload.checksumType === 'FULL_OBJECT') return;
  const [expected, actual] = [upload.algorithm, given ?? 'null'].map((name) => name.toLowerCase());
  throw new S3Error('InvalidRequest', {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  });
}

// Stricter than Range: both ends are given and lie within the source.
function sourceRange(header: string | undefined, size: number): { firstByte: number; lastByte: number } {
  if (header === undefined) return { firstByte: 0, lastByte: size - 1 };
  const range = /^bytes=\d+-\d+$/.test(header) ? byteRange(header, size) : undefined;
  if (!range || !header.endsWith(`-${range.lastByte}`)) {
    throw invalidArgument(
      'x-amz-copy-source-range',
      header,
      `The x-amz-copy-source-range value must be of the form bytes=first-last within the ${size} bytes of the source`,
    );
  }
  return range;
}
