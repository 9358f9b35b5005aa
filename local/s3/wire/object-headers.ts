import { invalidArgument, notImplementedHeader, S3Error } from './s3-error';
import type { S3Request } from './s3-request';

const MAX_METADATA_BYTES = 2048;
const STORED = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];
/** Headers that would change what is stored in a way that this S3 does not do. */
const REFUSED =
  /^x-amz-(?:(?:copy-source-)?server-side-encryption-customer-|server-side-encryption-context|object-lock-|grant-|tagging|write-offset)/;
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
];
const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** Headers kept with an object, by lower-case name; user metadata is among them as `x-amz-meta-*`. */
export type ObjectHeaders = Readonly<Record<string, string>>;

/** Takes what is kept with an object out of a request. InvalidArgument, MetadataTooLarge. */
export function objectHeaders(request: S3Request): ObjectHeaders {
  const kept: Record<string, string> = {};
  let metadataBytes = 0;
  for (const name of request.headerNames()) {
    const value = request.header(name) ?? '';
    if (name.startsWith('x-amz-meta-')) metadataBytes += name.length - 'x-amz-meta-'.length + value.length;
    if (STORED.includes(name) || name.startsWith('x-amz-meta-')) kept[name] = value;
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', { details: { Size: metadataBytes, MaxSizeAllowed: MAX_METADATA_BYTES } });
  }
  return settled(kept);
}

/** Refuses headers that ask for more than this S3 does. AccessControlListNotSupported, NotImplemented. */
export function refuseUnsupported(request: S3Request): void {
  for (const name of request.headerNames()) if (REFUSED.test(name)) throw notImplementedHeader(name);
  const acl = request.header('x-amz-acl');
  // Buckets have ACLs switched off, as every new one in AWS; this one value is taken all the same.
  if (request.key !== undefined && acl !== undefined && acl !== 'bucket-owner-full-control') {
    throw new S3Error('AccessControlListNotSupported');
  }
}

/** The answer's headers for a kept set; `response-*` parameters of a GET replace some of them. */
export function answerHeaders(
  kept: ObjectHeaders,
  query: ReadonlyMap<string, string> = new Map(),
): Record<string, string> {
  const headers: Record<string, string> = { ...kept };
  // S3 is silent about the class that everything has by default.
  if (headers['x-amz-storage-class'] === 'STANDARD') delete headers['x-amz-storage-class'];
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/** The encryption headers, which S3 repeats in the answer to a write. */
export function encryptionHeaders(kept: ObjectHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => name.startsWith('x-amz-server-side-encryption')));
}

/** Storage class of a kept set. */
export function storageClass(kept: ObjectHeaders): string {
  return kept['x-amz-storage-class'] ?? 'STANDARD';
}

function settled(kept: Record<string, string>): ObjectHeaders {
  const storage = kept['x-amz-storage-class'] ?? 'STANDARD';
  if (!STORAGE_CLASSES.includes(storage)) {
    throw invalidArgument('x-amz-storage-class', storage, 'The storage class you specified is not valid');
  }
  const encryption = kept['x-amz-server-side-encryption'] ?? 'AES256';
  if (encryption !== 'AES256' && encryption !== 'aws:kms') {
    throw invalidArgument(
      'x-amz-server-side-encryption',
      encryption,
      'The encryption method specified is not supported',
    );
  }
  const { 'content-encoding': encoding, ...rest } = kept;
  const codings = (encoding ?? '').split(',').map((coding) => coding.trim());
  const kinds = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',');
  return {
    'content-type': 'binary/octet-stream',
    'x-amz-server-side-encryption': encryption,
    ...rest,
    ...(kinds === '' ? {} : { 'content-encoding': kinds }),
  };
}
