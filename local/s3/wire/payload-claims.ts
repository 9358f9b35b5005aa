import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumAlgorithm, digestLength } from '../checksum/checksum';
import { FRAMINGS, type Framing } from './framed-body';
import { invalidArgument, notImplementedHeader, S3Error } from './s3-error';
import type { S3Request } from './s3-request';

const CHECKSUM_HEADER = 'x-amz-checksum-';
/** Headers of that form that are no checksum of the body. */
const NOT_A_DIGEST = new Set(['algorithm', 'mode', 'type'].map((name) => CHECKSUM_HEADER + name));

/** What a request says about its body, to be held against the bytes. */
export interface PayloadClaims {
  /** Bytes of the decoded body. */
  readonly size: number;
  readonly framing: Framing | undefined;
  /** Hex, where the request names the hash of its body. */
  readonly contentSha256: string | undefined;
  readonly contentMd5: Buffer | undefined;
  /** The checksum header or trailer; `digest` is absent where it comes in the trailer. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly digest: Buffer | undefined } | undefined;
}

/** Reads the claims. InvalidArgument, InvalidDigest, InvalidRequest, MissingContentLength, NotImplemented. */
export function payloadClaims(request: S3Request): PayloadClaims {
  const { framing, contentSha256 } = contentHash(request);
  const claims = {
    size: declaredSize(request, framing),
    framing,
    contentSha256,
    contentMd5: contentMd5(request.header('content-md5')),
    checksum: checksumInHeader(request) ?? checksumInTrailer(request, framing),
  };
  requireNamedAlgorithm(request, claims.checksum?.algorithm);
  return claims;
}

/** Decodes a checksum's base64. InvalidRequest where it is not one of that algorithm. */
export function checksumDigest(algorithm: ChecksumAlgorithm, base64: string): Buffer {
  const digest = Buffer.from(base64, 'base64');
  if (digest.length !== digestLength(algorithm) || digest.toString('base64') !== base64) {
    throw new S3Error('InvalidRequest', {
      message: `Value for ${CHECKSUM_HEADER}${algorithm.toLowerCase()} header is invalid.`,
    });
  }
  return digest;
}

function contentHash(request: S3Request): Pick<PayloadClaims, 'framing' | 'contentSha256'> {
  const value = request.header('x-amz-content-sha256');
  if (value === undefined || value === 'UNSIGNED-PAYLOAD') return { framing: undefined, contentSha256: undefined };
  const framing = FRAMINGS[value];
  if (framing) return { framing, contentSha256: undefined };
  if (/^[0-9a-f]{64}$/.test(value)) return { framing: undefined, contentSha256: value };
  throw invalidArgument(
    'x-amz-content-sha256',
    value,
    `x-amz-content-sha256 must be UNSIGNED-PAYLOAD, ${Object.keys(FRAMINGS).join(', ')} or a valid sha256 value.`,
  );
}

function declaredSize(request: S3Request, framing: Framing | undefined): number {
  const name = framing ? 'x-amz-decoded-content-length' : 'content-length';
  const text = request.header(name);
  if (text === undefined) {
    if (!framing && request.header('transfer-encoding') !== undefined) throw notImplementedHeader('Transfer-Encoding');
    throw new S3Error('MissingContentLength');
  }
  if (!/^\d{1,15}$/.test(text)) throw invalidArgument(name, text, `${name} is not a number of bytes`);
  return Number(text);
}

function contentMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const digest = Buffer.from(header, 'base64');
  if (digest.length !== 16 || digest.toString('base64') !== header) throw new S3Error('InvalidDigest');
  return digest;
}

function checksumInHeader(request: S3Request): PayloadClaims['checksum'] {
  const names = request.headerNames().filter((name) => name.startsWith(CHECKSUM_HEADER) && !NOT_A_DIGEST.has(name));
  const [name] = names;
  if (name === undefined) return undefined;
  if (names.length > 1) throw multipleChecksums();
  const algorithm = algorithmOfHeader(name);
  return { algorithm, digest: checksumDigest(algorithm, request.header(name) ?? '') };
}

function checksumInTrailer(request: S3Request, framing: Framing | undefined): PayloadClaims['checksum'] {
  const name = request.header('x-amz-trailer')?.trim().toLowerCase();
  if (name === undefined) {
    if (framing?.trailing) throw new S3Error('MalformedTrailerError');
    return undefined;
  }
  if (!framing?.trailing) {
    throw new S3Error('InvalidRequest', { message: 'x-amz-trailer needs a body with a trailer' });
  }
  if (name.includes(',')) throw multipleChecksums();
  return { algorithm: algorithmOfHeader(name), digest: undefined };
}

function requireNamedAlgorithm(request: S3Request, given: ChecksumAlgorithm | undefined): void {
  const named = request.header('x-amz-sdk-checksum-algorithm');
  if (named === undefined) return;
  if (given === undefined) {
    throw new S3Error('InvalidRequest', {
      message:
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    });
  }
  if (checksumAlgorithm(named) !== given) {
    throw new S3Error('InvalidRequest', { message: 'Value for x-amz-sdk-checksum-algorithm header is invalid.' });
  }
}

function algorithmOfHeader(name: string): ChecksumAlgorithm {
  const suffix = name.startsWith(CHECKSUM_HEADER) ? name.slice(CHECKSUM_HEADER.length) : '';
  const algorithm = checksumAlgorithm(suffix);
  if (algorithm) return algorithm;
  throw new S3Error('NotImplemented', {
    message: `"${name}" is no checksum known here; known are ${CHECKSUM_ALGORITHMS.join(', ')}`,
    details: { Header: name },
  });
}

function multipleChecksums(): S3Error {
  return new S3Error('InvalidRequest', {
    message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  });
}
