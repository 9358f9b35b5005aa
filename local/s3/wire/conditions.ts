import { notImplementedHeader, S3Error } from './s3-error';
import type { S3Request } from './s3-request';

/** What a condition is held against. */
export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds. */
  readonly lastModified: number;
}

/**
 * Holds the four read conditions, each behind `prefix`, against a version, in the order of RFC 9110 section 13.2.2.
 * @returns 'not-modified' where the answer is 304. PreconditionFailed where it is 412.
 */
export function checkReadConditions(request: S3Request, found: Validators, prefix = ''): 'not-modified' | 'go-on' {
  const header = (name: string) => request.header(prefix + name);
  const ifMatch = header('if-match');
  const unmodifiedSince = parseTime(header('if-unmodified-since'));
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, found.etag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && wholeSeconds(found) > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, found.etag) ? 'not-modified' : 'go-on';
  const modifiedSince = parseTime(header('if-modified-since'));
  return modifiedSince !== undefined && wholeSeconds(found) <= modifiedSince ? 'not-modified' : 'go-on';
}

/** The conditions of a write, checked when the object is about to become visible; `current` is the newest version. */
export type WriteCondition = (current: Validators | undefined) => void;

/**
 * Reads the write conditions. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * PreconditionFailed, NoSuchKey when they do not hold; NotImplemented for others than `If-None-Match: *` and an ETag.
 */
export function writeCondition(request: S3Request): WriteCondition {
  const ifNoneMatch = request.header('if-none-match');
  const ifMatch = request.header('if-match');
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplementedHeader('If-None-Match');
  if (ifMatch?.trim() === '*') throw notImplementedHeader('If-Match');
  return (current) => {
    if (ifNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!current) throw new S3Error('NoSuchKey');
    if (!matches(ifMatch, current.etag)) throw preconditionFailed('If-Match');
  };
}

/** The 412 answer that names its condition. */
export function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { details: { Condition: condition } });
}

function matches(header: string, etag: string): boolean {
  const wanted = header.split(',').map((item) => item.trim().replace(/^"(.*)"$/, '$1'));
  return wanted.includes('*') || wanted.includes(etag);
}

// A date header that is none counts as absent, as RFC 9110 asks.
function parseTime(header: string | undefined): number | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}

function wholeSeconds({ lastModified }: Validators): number {
  return Math.floor(lastModified / 1000) * 1000;
}
