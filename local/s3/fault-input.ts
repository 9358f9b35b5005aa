import type { S3Request } from './wire/s3-request';

const QUERY: Readonly<Record<string, string>> = {
  'continuation-token': 'ContinuationToken',
  delimiter: 'Delimiter',
  'key-marker': 'KeyMarker',
  prefix: 'Prefix',
  'start-after': 'StartAfter',
  uploadId: 'UploadId',
  versionId: 'VersionId',
};
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'ContentType',
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  range: 'Range',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-range': 'CopySourceRange',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
};
const NUMBERS: Readonly<Record<string, string>> = {
  'max-keys': 'MaxKeys',
  'max-parts': 'MaxParts',
  partNumber: 'PartNumber',
};

/** The parameters of a call under their API names, for a fault script to tell calls apart. */
export function faultInput(request: S3Request): Record<string, unknown> {
  const { query } = request;
  const size = request.header('x-amz-decoded-content-length') ?? request.header('content-length');
  const entries: [string, unknown][] = [
    ['Bucket', request.bucket],
    ['Key', request.key],
    ['ContentLength', size === undefined ? undefined : Number(size)],
    ...Object.entries(QUERY).map(([name, api]): [string, unknown] => [api, query.get(name)]),
    ...Object.entries(HEADERS).map(([name, api]): [string, unknown] => [api, request.header(name)]),
    ...Object.entries(NUMBERS).map(([name, api]): [string, unknown] => [
      api,
      query.has(name) ? Number(query.get(name)) : undefined,
    ]),
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
