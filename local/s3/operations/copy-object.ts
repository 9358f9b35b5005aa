import { checksumAlgorithm } from '../checksum/checksum';
import type { ObjectDraft } from '../store/bucket';
import { writeCondition } from '../wire/conditions';
import { encryptionHeaders, type ObjectHeaders, objectHeaders } from '../wire/object-headers';
import { fingerprint, MAX_OBJECT_BYTES } from '../wire/payload';
import { xmlReply } from '../wire/reply';
import { invalidArgument, S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type Operation, target } from './call';
import { type CopySource, copySource } from './copy-source';
import { commit } from './put-object';
import { checksumElements, quoted, versionHeader } from './version-headers';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const source = copySource(call);
  const replace = replacesMetadata(request);
  requireChange(source, bucket.name, key, replace);
  const { bodies } = bucket.room;
  const algorithm = askedAlgorithm(request) ?? source.version.checksum?.algorithm ?? 'CRC64NVME';
  const bytes = bodies.read(source.version.pieces, 0, source.version.size - 1);
  const { piece, found } = await bodies.write((sink) => fingerprint(bytes, algorithm, sink)).finally(bytes.letGo);
  const draft: ObjectDraft = {
    size: found.size,
    etag: found.md5,
    headers: replace ? objectHeaders(request) : copiedHeaders(source.version.headers, request),
    pieces: [piece],
    checksum: found.checksum,
  };
  const version = await commit(bucket, key, draft, writeCondition(request));
  call.announce(bucket, key, version, 'CopyObject');
  const content = {
    LastModified: new Date(version.lastModified).toISOString(),
    ETag: quoted(version.etag),
    ...checksumElements(version.checksum),
  };
  const sourceVersion = versionHeader(call.store.bucket(source.bucketName), source.version)['x-amz-version-id'];
  return xmlReply('CopyObjectResult', content, {
    ...(sourceVersion === undefined ? {} : { 'x-amz-copy-source-version-id': sourceVersion }),
    ...versionHeader(bucket, version),
    ...encryptionHeaders(version.headers),
  });
};

function replacesMetadata(request: S3Request): boolean {
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument('x-amz-metadata-directive', directive, 'Unknown metadata directive.');
  }
  return directive === 'REPLACE';
}

function requireChange(source: CopySource, bucketName: string, key: string, replace: boolean): void {
  if (source.version.size > MAX_OBJECT_BYTES) {
    throw new S3Error('InvalidRequest', {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_OBJECT_BYTES}`,
    });
  }
  const itself = source.bucketName === bucketName && source.key === key && source.versionId === undefined;
  if (!itself || replace) return;
  throw new S3Error('InvalidRequest', {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  });
}

function askedAlgorithm(request: S3Request) {
  const name = request.header('x-amz-checksum-algorithm');
  if (name === undefined) return undefined;
  const algorithm = checksumAlgorithm(name);
  if (!algorithm) throw new S3Error('InvalidRequest', { message: 'Checksum algorithm provided is unsupported.' });
  return algorithm;
}

// Storage class and encryption are never inherited from the source, only its metadata is.
function copiedHeaders(source: ObjectHeaders, request: S3Request): ObjectHeaders {
  const asked = Object.entries(objectHeaders(request)).filter(([name]) => isPlacement(name));
  const inherited = Object.entries(source).filter(([name]) => !isPlacement(name));
  return Object.fromEntries([...inherited, ...asked]);
}

function isPlacement(name: string): boolean {
  return name === 'x-amz-storage-class' || name.startsWith('x-amz-server-side-encryption');
}
