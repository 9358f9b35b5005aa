import { createHash } from 'node:crypto';
import { type Checksum, type ChecksumAlgorithm, type RunningChecksum, startChecksum } from '../checksum/checksum';
import { FramedBody } from './framed-body';
import { checksumDigest, type PayloadClaims, payloadClaims } from './payload-claims';
import { piecesOf, requestBytes } from './request-bytes';
import { S3Error } from './s3-error';
import type { S3Request } from './s3-request';

/** Largest body of one PutObject or UploadPart: 5 GiB. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3;

/** Takes bytes as they come; the next ones wait for the promise. They are good until the next but one come. */
export type Sink = (bytes: Buffer) => Promise<void> | void;

/** What the bytes turned out to be. */
export interface Fingerprint {
  readonly size: number;
  /** Hex: the ETag of an object that was put in one piece. */
  readonly md5: string;
  readonly checksum: Checksum;
}

/** What the bytes turned out to be, and the checksum the request gave for them, found right. */
export interface ReceivedPayload extends Fingerprint {
  readonly given: Checksum | undefined;
}

/**
 * Hands the decoded body to `sink` and holds it against everything the request says about it. The checksum of the result
 * is of the kind `keep`; without that of the kind the request gives; without that CRC64NVME. BadDigest, EntityTooLarge, IncompleteBody, MalformedTrailerError,
 * XAmzContentSHA256Mismatch, and those of the claims.
 */
export async function receivePayload(
  request: S3Request,
  sink: Sink,
  keep?: ChecksumAlgorithm,
): Promise<ReceivedPayload> {
  const claims = payloadClaims(request);
  if (claims.size > MAX_OBJECT_BYTES) {
    throw new S3Error('EntityTooLarge', { details: { ProposedSize: claims.size, MaxSizeAllowed: MAX_OBJECT_BYTES } });
  }
  // Any number of pieces may pass between the bytes of two frames, and those are good until the next but one come.
  const wire = claims.framing ? piecesOf(request.body) : requestBytes(request.body);
  const framed = claims.framing && new FramedBody(wire, claims.framing);
  const given = claims.checksum?.algorithm;
  const kept = keep ?? given ?? 'CRC64NVME';
  const aside = given !== undefined && given !== kept ? startChecksum(given) : undefined;
  const sha256 = claims.contentSha256 === undefined ? undefined : createHash('sha256');
  const tee: Sink = (bytes) => {
    sha256?.update(bytes);
    aside?.update(bytes);
    return sink(bytes);
  };
  const found = await fingerprint(framed?.bytes() ?? wire, kept, tee, claims.size);
  if (found.size !== claims.size) throw new S3Error('IncompleteBody');
  if (claims.contentSha256 !== undefined) requireContentHash(claims.contentSha256, sha256?.digest('hex'));
  requireMd5(claims, found);
  if (given === undefined) return { ...found, given };
  const computed: Checksum = aside ? wholeChecksum(given, aside) : found.checksum;
  requireChecksum(claims.checksum?.digest ?? trailingDigest(given, framed?.trailers), computed);
  return { ...found, given: computed };
}

/** Reads a small body, such as an XML document, whole. MaxMessageLengthExceeded above `limit` bytes. */
export async function receiveDocument(request: S3Request, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  await receivePayload(request, (bytes) => {
    size += bytes.length;
    if (size > limit) throw new S3Error('MaxMessageLengthExceeded', { details: { MaxMessageLengthBytes: limit } });
    pieces.push(Buffer.from(bytes));
  });
  return Buffer.concat(pieces);
}

/** Reads bytes to the end, into `sink` on the way. IncompleteBody above `limit` bytes. */
export async function fingerprint(
  source: AsyncIterable<Buffer>,
  algorithm: ChecksumAlgorithm,
  sink: Sink,
  limit = Number.POSITIVE_INFINITY,
): Promise<Fingerprint> {
  const md5 = createHash('md5');
  const checksum: RunningChecksum = startChecksum(algorithm);
  let size = 0;
  for await (const bytes of source) {
    size += bytes.length;
    if (size > limit) throw new S3Error('IncompleteBody', { message: 'The body is longer than its declared length' });
    md5.update(bytes);
    checksum.update(bytes);
    await sink(bytes);
  }
  return { size, md5: md5.digest('hex'), checksum: wholeChecksum(algorithm, checksum) };
}

function wholeChecksum(algorithm: ChecksumAlgorithm, running: RunningChecksum): Checksum {
  return { algorithm, value: running.digest().toString('base64'), type: 'FULL_OBJECT' };
}

function requireContentHash(claimed: string, found = ''): void {
  if (claimed === found) return;
  throw new S3Error('XAmzContentSHA256Mismatch', {
    details: { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: found },
  });
}

function requireMd5({ contentMd5 }: PayloadClaims, { md5 }: Fingerprint): void {
  if (!contentMd5 || contentMd5.toString('hex') === md5) return;
  throw new S3Error('BadDigest', {
    message: 'The Content-MD5 you specified did not match what we received.',
    details: { ExpectedDigest: contentMd5.toString('base64'), CalculatedDigest: md5 },
  });
}

function requireChecksum(claimed: Buffer, { algorithm, value }: Checksum): void {
  if (claimed.toString('base64') === value) return;
  throw new S3Error('BadDigest', { message: `The ${algorithm} you specified did not match the calculated checksum.` });
}

function trailingDigest(algorithm: ChecksumAlgorithm, trailers?: ReadonlyMap<string, string>): Buffer {
  const value = trailers?.get(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (value === undefined) throw new S3Error('MalformedTrailerError');
  return checksumDigest(algorithm, value);
}
