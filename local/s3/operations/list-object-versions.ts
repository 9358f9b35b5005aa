import type { Bucket, StoredVersion } from '../store/bucket';
import { keyEncoder, listPage } from '../wire/list-page';
import { storageClass } from '../wire/object-headers';
import { xmlReply } from '../wire/reply';
import { invalidArgument } from '../wire/s3-error';
import { compareUtf8 } from '../wire/utf8-order';
import { owner } from './buckets';
import { bucketOf, type Operation, pageSize } from './call';
import { quoted } from './version-headers';

interface VersionRow {
  readonly key: string;
  readonly version: StoredVersion;
  readonly isLatest: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export const listObjectVersions: Operation = async (call) => {
  const bucket = bucketOf(call);
  const { query } = call.request;
  const encode = keyEncoder(call.request);
  const [keyMarker, versionMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker') ?? ''];
  if (versionMarker !== '' && keyMarker === '') {
    throw invalidArgument(
      'version-id-marker',
      versionMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  }
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const size = pageSize(call.request, 'max-keys');
  const page = listPage(versionRows(bucket, keyMarker, versionMarker), { prefix, delimiter, size, after: keyMarker });
  const next = page.next && (page.next.row?.key ?? page.next.prefix);
  const elements = (deleteMarkers: boolean) =>
    page.rows
      .filter(({ version }) => version.deleteMarker === deleteMarkers)
      .map((row) => ({ Key: encode(row.key), ...versionElement(row), Owner: owner(call.identity) }));
  return xmlReply('ListVersionsResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: next === undefined ? undefined : encode(next),
    NextVersionIdMarker: page.next?.row?.version.versionId,
    MaxKeys: size,
    EncodingType: query.get('encoding-type') || undefined,
    IsTruncated: page.next !== undefined,
    Version: elements(false),
    DeleteMarker: elements(true),
    CommonPrefixes: page.prefixes.map((rolled) => ({ Prefix: encode(rolled) })),
  });
};

function* versionRows(bucket: Bucket, keyMarker: string, versionMarker: string): Generator<VersionRow> {
  for (const key of bucket.keys()) {
    const order = keyMarker === '' ? 1 : compareUtf8(key, keyMarker);
    if (order < 0) continue;
    const rows = bucket.versions(key).map((version, index) => ({ key, version, isLatest: index === 0 }));
    if (order > 0) yield* rows;
    else if (versionMarker !== '') {
      yield* rows.slice(rows.findIndex(({ version }) => version.versionId === versionMarker) + 1 || rows.length);
    }
  }
}

function versionElement({ version, isLatest }: VersionRow) {
  const place = {
    VersionId: version.versionId,
    IsLatest: isLatest,
    LastModified: new Date(version.lastModified).toISOString(),
  };
  if (version.deleteMarker) return place;
  return {
    ...place,
    ETag: quoted(version.etag),
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum?.type,
    Size: version.size,
    StorageClass: storageClass(version.headers),
  };
}
