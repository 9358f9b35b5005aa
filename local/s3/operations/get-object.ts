import type { Bucket, StoredVersion } from '../store/bucket';
import { type ByteRange, byteRange } from '../wire/byte-range';
import { checkReadConditions } from '../wire/conditions';
import { answerHeaders, storageClass } from '../wire/object-headers';
import type { Reply } from '../wire/reply';
import { S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type Call, type Operation, target, wholeNumber } from './call';
import { checksumHeaders, quoted, versionHeader, wantsChecksum } from './version-headers';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: Operation = async (call) => {
  const { bucket, version, reply, range } = answer(call);
  if (reply.status === 304) return reply;
  if (['GLACIER', 'DEEP_ARCHIVE'].includes(storageClass(version.headers))) {
    throw new S3Error('InvalidObjectState', { details: { StorageClass: storageClass(version.headers) } });
  }
  const body = bucket.room.bodies.read(version.pieces, range?.firstByte ?? 0, range?.lastByte ?? version.size - 1);
  return { ...reply, body, release: body.letGo };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: Operation = async (call) => answer(call).reply;

function answer(call: Call): { bucket: Bucket; version: StoredVersion; reply: Reply; range: ByteRange | undefined } {
  const { bucket, key } = target(call);
  const { request } = call;
  const version = bucket.find(key, request.query.get('versionId'));
  const validators = {
    etag: quoted(version.etag),
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...versionHeader(bucket, version),
  };
  if (checkReadConditions(request, version) === 'not-modified') {
    return { bucket, version, reply: { status: 304, headers: validators }, range: undefined };
  }
  const part = partRange(request, version);
  const range = part ?? byteRange(request.header('range'), version.size);
  const length = range ? range.lastByte - range.firstByte + 1 : version.size;
  const headers = {
    ...answerHeaders(version.headers, request.query),
    ...validators,
    'accept-ranges': 'bytes',
    'content-length': String(length),
    // The stored checksum is one of all bytes: with some of them it would mislead.
    ...(wantsChecksum(request) && !range ? checksumHeaders(version.checksum) : {}),
    ...(part && version.partCount ? { 'x-amz-mp-parts-count': String(version.partCount) } : {}),
    ...(range ? { 'content-range': `bytes ${range.firstByte}-${range.lastByte}/${version.size}` } : {}),
  };
  return { bucket, version, reply: { status: range ? 206 : 200, headers }, range };
}

function partRange(request: S3Request, version: StoredVersion): ByteRange | undefined {
  const partNumber = wholeNumber(request, 'partNumber', 1, 10_000);
  if (partNumber === undefined) return undefined;
  if (request.header('range') !== undefined) {
    throw new S3Error('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' });
  }
  const piece = version.pieces[partNumber - 1];
  if (!piece) {
    throw new S3Error('InvalidPartNumber', {
      details: { PartNumberRequested: partNumber, ActualPartCount: version.partCount ?? 1 },
    });
  }
  if (piece.size === 0) return undefined;
  const firstByte = version.pieces.slice(0, partNumber - 1).reduce((sum, { size }) => sum + size, 0);
  return { firstByte, lastByte: firstByte + piece.size - 1 };
}
