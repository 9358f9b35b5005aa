import type { Bucket, StoredVersion } from '../store/bucket';
import { keyEncoder, listPage, type Page } from '../wire/list-page';
import { storageClass } from '../wire/object-headers';
import { xmlReply } from '../wire/reply';
import { S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { compareUtf8 } from '../wire/utf8-order';
import type { XmlElement } from '../wire/xml';
import { owner } from './buckets';
import { bucketOf, type Call, type Operation, pageSize } from './call';
import { quoted } from './version-headers';

interface ObjectRow {
  readonly key: string;
  readonly version: StoredVersion;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: Operation = async (call) => {
  const bucket = bucketOf(call);
  const { query } = call.request;
  const encode = keyEncoder(call.request);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const page = objectPage(bucket, call.request, token === undefined ? startAfter : decodeToken(token));
  const next = page.next && (page.next.row?.key ?? page.next.prefix);
  return xmlReply('ListBucketResult', {
    ...listHead(call, bucket, page),
    KeyCount: page.rows.length + page.prefixes.length,
    ContinuationToken: token,
    NextContinuationToken: next === undefined ? undefined : encodeToken(next),
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    ...listBody(call, page, query.get('fetch-owner') === 'true'),
  });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjects: Operation = async (call) => {
  const bucket = bucketOf(call);
  const { query } = call.request;
  const encode = keyEncoder(call.request);
  const marker = query.get('marker') ?? '';
  const page = objectPage(bucket, call.request, marker);
  const next = page.next && (page.next.row?.key ?? page.next.prefix);
  // Version 1 names the next marker only in a list with a delimiter; otherwise it is the last key.
  const named = query.get('delimiter') && next !== undefined ? encode(next) : undefined;
  return xmlReply('ListBucketResult', {
    ...listHead(call, bucket, page),
    Marker: encode(marker),
    NextMarker: named,
    ...listBody(call, page, true),
  });
};

function objectPage(bucket: Bucket, request: S3Request, after: string | undefined): Page<ObjectRow> {
  return listPage(currentRows(bucket, after), {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    size: pageSize(request, 'max-keys'),
    after,
  });
}

function* currentRows(bucket: Bucket, after: string | undefined): Generator<ObjectRow> {
  for (const key of bucket.keys()) {
    if (after && compareUtf8(key, after) <= 0) continue;
    const version = bucket.current(key);
    if (version) yield { key, version };
  }
}

function listHead({ request }: Call, bucket: Bucket, page: Page<ObjectRow>): XmlElement {
  const encode = keyEncoder(request);
  const delimiter = request.query.get('delimiter');
  return {
    Name: bucket.name,
    Prefix: encode(request.query.get('prefix') ?? ''),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: pageSize(request, 'max-keys'),
    EncodingType: request.query.get('encoding-type') || undefined,
    IsTruncated: page.next !== undefined,
  };
}

function listBody({ request, identity }: Call, page: Page<ObjectRow>, withOwner: boolean): XmlElement {
  const encode = keyEncoder(request);
  const Contents = page.rows.map(({ key, version }) => ({
    Key: encode(key),
    LastModified: new Date(version.lastModified).toISOString(),
    ETag: quoted(version.etag),
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum?.type,
    Size: version.size,
    StorageClass: storageClass(version.headers),
    Owner: withOwner ? owner(identity) : undefined,
  }));
  return { Contents, CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })) };
}

function encodeToken(next: string): string {
  return Buffer.from(JSON.stringify(next)).toString('base64');
}

function decodeToken(token: string): string {
  try {
    const next: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    if (typeof next === 'string') return next;
  } catch {}
  throw new S3Error('InvalidArgument', {
    message: 'The continuation token provided is incorrect',
    details: { ArgumentName: 'continuation-token' },
  });
}
