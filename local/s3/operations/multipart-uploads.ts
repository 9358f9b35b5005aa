import { endUpload, findUpload, inTurn, type Upload } from '../store/upload';
import { keyEncoder, listPage } from '../wire/list-page';
import { storageClass } from '../wire/object-headers';
import { xmlReply } from '../wire/reply';
import { compareUtf8 } from '../wire/utf8-order';
import { owner } from './buckets';
import { bucketOf, type Operation, pageSize, target, wholeNumber } from './call';
import { quoted } from './version-headers';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: Operation = async (call) => {
  const { bucket, key } = target(call);
  const uploadId = call.request.query.get('uploadId') ?? '';
  await inTurn(bucket, findUpload(bucket, key, uploadId), () => endUpload(bucket, findUpload(bucket, key, uploadId)));
  return { status: 204 };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request, identity } = call;
  const upload = findUpload(bucket, key, request.query.get('uploadId') ?? '');
  const marker = wholeNumber(request, 'part-number-marker', 0, 2 ** 31 - 1) ?? 0;
  const size = pageSize(request, 'max-parts');
  const all = [...upload.parts.values()].sort((left, right) => left.partNumber - right.partNumber);
  const rest = all.filter(({ partNumber }) => partNumber > marker);
  const page = rest.slice(0, size);
  return xmlReply('ListPartsResult', {
    Bucket: bucket.name,
    Key: keyEncoder(request)(key),
    UploadId: upload.uploadId,
    Initiator: owner(identity),
    Owner: owner(identity),
    StorageClass: storageClass(upload.headers),
    ...uploadChecksum(upload),
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber,
    MaxParts: size,
    IsTruncated: size > 0 && rest.length > size,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: new Date(part.lastModified).toISOString(),
      ETag: quoted(part.etag),
      Size: part.size,
      ...(upload.algorithm ? { [`Checksum${upload.algorithm}`]: part.checksum.value } : {}),
    })),
  });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: Operation = async (call) => {
  const bucket = bucketOf(call);
  const { request, identity } = call;
  const encode = keyEncoder(request);
  const [keyMarker, idMarker] = [request.query.get('key-marker') ?? '', request.query.get('upload-id-marker') ?? ''];
  const [prefix, delimiter] = [request.query.get('prefix') ?? '', request.query.get('delimiter') ?? ''];
  const size = pageSize(request, 'max-uploads');
  const rows = uploadsAfter([...bucket.uploads.values()].sort(byKeyThenAge), keyMarker, idMarker);
  const page = listPage(rows, { prefix, delimiter, size, after: keyMarker });
  const next = page.next && (page.next.row?.key ?? page.next.prefix);
  return xmlReply('ListMultipartUploadsResult', {
    Bucket: bucket.name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    NextKeyMarker: next === undefined ? undefined : encode(next),
    NextUploadIdMarker: page.next?.row?.uploadId,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    EncodingType: request.query.get('encoding-type') || undefined,
    MaxUploads: size,
    IsTruncated: page.next !== undefined,
    Upload: page.rows.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiator: owner(identity),
      Owner: owner(identity),
      StorageClass: storageClass(upload.headers),
      Initiated: new Date(upload.initiated).toISOString(),
      ...uploadChecksum(upload),
    })),
    CommonPrefixes: page.prefixes.map((rolled) => ({ Prefix: encode(rolled) })),
  });
};

function uploadChecksum({ algorithm, checksumType }: Upload): Record<string, string> {
  return algorithm ? { ChecksumAlgorithm: algorithm, ChecksumType: checksumType } : {};
}

function byKeyThenAge(left: Upload, right: Upload): number {
  return (
    compareUtf8(left.key, right.key) || left.initiated - right.initiated || compareUtf8(left.uploadId, right.uploadId)
  );
}

function uploadsAfter(sorted: readonly Upload[], keyMarker: string, idMarker: string): readonly Upload[] {
  if (keyMarker === '') return sorted;
  const marked = sorted.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === idMarker);
  return marked < 0 ? sorted.filter(({ key }) => compareUtf8(key, keyMarker) > 0) : sorted.slice(marked + 1);
}
