import { type Bucket, NULL_VERSION } from '../store/bucket';
import { type WriteCondition, writeCondition } from '../wire/conditions';
import { receiveDocument } from '../wire/payload';
import { xmlReply } from '../wire/reply';
import { invalidArgument, S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type ParsedElement, readXml, type XmlElement } from '../wire/xml';
import { bucketOf, type Operation, target } from './call';

const MAX_KEYS = 1000;
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const condition = request.header('if-match') === undefined ? undefined : writeCondition(request);
  const gone = await remove(bucket, key, request.query.get('versionId'), condition);
  return {
    status: 204,
    headers: {
      ...(gone.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
      ...(gone.versionId === undefined ? {} : { 'x-amz-version-id': gone.versionId }),
    },
  };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: Operation = async (call) => {
  const bucket = bucketOf(call);
  requireBodyDigest(call.request);
  const document = readXml(await receiveDocument(call.request, MAX_DOCUMENT_BYTES), 'Delete');
  const objects = document.children('Object');
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error('MalformedXML');
  const quiet = document.text('Quiet') === 'true';
  const deleted: XmlElement[] = [];
  const errors: XmlElement[] = [];
  for (const object of objects) {
    try {
      deleted.push(await removeOne(bucket, object));
    } catch (error) {
      if (!(error instanceof S3Error) || error.code === 'MalformedXML') throw error;
      const place = { Key: object.text('Key'), VersionId: object.text('VersionId') };
      errors.push({ ...place, Code: error.code, Message: error.message });
    }
  }
  return xmlReply('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors });
};

async function removeOne(bucket: Bucket, object: ParsedElement): Promise<XmlElement> {
  const key = object.text('Key');
  if (key === undefined || key === '') throw new S3Error('MalformedXML');
  const versionId = object.text('VersionId');
  const gone = await remove(bucket, key, versionId);
  return {
    Key: key,
    VersionId: versionId,
    DeleteMarker: gone.deleteMarker ? true : undefined,
    DeleteMarkerVersionId: gone.deleteMarker ? gone.versionId : undefined,
  };
}

async function remove(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  condition?: WriteCondition,
): Promise<{ deleteMarker: boolean; versionId: string | undefined }> {
  if (versionId === undefined) {
    const marker = await bucket.hide(key, condition);
    return { deleteMarker: marker !== undefined, versionId: marker?.versionId };
  }
  if (versionId === '') throw invalidArgument('versionId', '', 'Version id cannot be the empty string');
  const gone = await bucket.erase(key, versionId);
  const silent = bucket.versioning === 'Unversioned' && versionId === NULL_VERSION;
  return { deleteMarker: gone?.deleteMarker ?? false, versionId: silent ? undefined : versionId };
}

function requireBodyDigest(request: S3Request): void {
  const named = request
    .headerNames()
    .some((name) => name === 'content-md5' || name === 'x-amz-trailer' || /^x-amz-checksum-(?:crc|sha)/.test(name));
  if (named) return;
  throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: Content-MD5' });
}
