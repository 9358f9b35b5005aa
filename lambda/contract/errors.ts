import type { ApiErrorName } from './api-errors';
import { describe, type Finding } from './finding';

/**
 * Base of every error Slipway raises on purpose. `name` is the wire: Lambda reports it as `errorType`, and the state
 * machine matches it in `ErrorEquals`.
 */
export abstract class SlipwayError extends Error {
  abstract override readonly name: ErrorName;

  constructor(
    readonly finding: Finding,
    options?: ErrorOptions,
  ) {
    super(describe(finding), options);
  }
}

/** The tarball is at fault: deterministic, never retried. */
export const TARBALL_ERRORS = [
  'NotAnArchive',
  'EmptyObject',
  'TarTruncated',
  'TarHeaderInvalid',
  'TarTrailingData',
  'TarEmpty',
  'OuterCorrupt',
  'EntryConflict',
  'PathUnsafe',
  'LinkInvalid',
  'ManifestMissing',
  'ManifestInvalid',
  'BlobMissing',
  'EmptyBlob',
  'DigestMismatch',
  'SizeMismatch',
  'DiffIdMismatch',
  'LayerCorrupt',
  'Unsupported',
  'LimitExceeded',
] as const;

/** The request, the key or the destination is at fault: deterministic, never retried. */
export const REQUEST_ERRORS = [
  'RequestInvalid',
  'KeyInvalid',
  'TagInvalid',
  'DestinationDenied',
  'RepositoryNotFound',
  'WrongRegistry',
  'PermissionDenied',
  'KmsDenied',
  'ImmutableTag',
  'QuotaExceeded',
  'SourceGone',
  'SourceChanged',
  'Superseded',
  'CredentialsInvalid',
  'CredentialsExpired',
  'ClockSkewed',
] as const;

/** AWS or the network may be better in a moment: retried by the state machine with backoff. */
export const TRANSIENT_ERRORS = ['Throttled', 'ServiceUnavailable', 'NetworkUnreachable'] as const;

/** ECR lost what was sent, more often than it is sent again. */
export const UPLOAD_ERRORS = ['UploadExpired', 'LayersNotFound'] as const;

export type ErrorName =
  | (typeof TARBALL_ERRORS)[number]
  | (typeof REQUEST_ERRORS)[number]
  | (typeof TRANSIENT_ERRORS)[number]
  | (typeof UPLOAD_ERRORS)[number]
  | ApiErrorName
  | 'Internal';

/** The object is no tar, or not one that holds images; the message names the look-alike where it is known. */
export class NotAnArchive extends SlipwayError {
  readonly name = 'NotAnArchive';
}
/** The object has no bytes. */
export class EmptyObject extends SlipwayError {
  readonly name = 'EmptyObject';
}
/** The object ends inside an entry. */
export class TarTruncated extends SlipwayError {
  readonly name = 'TarTruncated';
}
/** A header block breaks the tar format. */
export class TarHeaderInvalid extends SlipwayError {
  readonly name = 'TarHeaderInvalid';
}
/** Bytes that are no tar follow the last entry, with nothing that ends the archive between. */
export class TarTrailingData extends SlipwayError {
  readonly name = 'TarTrailingData';
}
/** The tar has no entry. */
export class TarEmpty extends SlipwayError {
  readonly name = 'TarEmpty';
}
/** A tarball that is compressed as a whole cannot be decompressed: damaged, cut off, or with other bytes behind it. */
export class OuterCorrupt extends SlipwayError {
  readonly name = 'OuterCorrupt';
}
/** Two entries contradict each other. */
export class EntryConflict extends SlipwayError {
  readonly name = 'EntryConflict';
}
/** A name leaves the archive: absolute, or with `..`. */
export class PathUnsafe extends SlipwayError {
  readonly name = 'PathUnsafe';
}
/** A symbolic or hard link leads nowhere, in a circle, or too deep. */
export class LinkInvalid extends SlipwayError {
  readonly name = 'LinkInvalid';
}
/** The tar holds neither a docker archive nor an OCI layout. */
export class ManifestMissing extends SlipwayError {
  readonly name = 'ManifestMissing';
}
/** A manifest, index or config is not what its specification says. */
export class ManifestInvalid extends SlipwayError {
  readonly name = 'ManifestInvalid';
}
/** A blob that a manifest names is not in the tarball. */
export class BlobMissing extends SlipwayError {
  readonly name = 'BlobMissing';
}
/** A blob of zero bytes, which ECR cannot store. */
export class EmptyBlob extends SlipwayError {
  readonly name = 'EmptyBlob';
}
/** The bytes of a blob do not have the digest they are known by. */
export class DigestMismatch extends SlipwayError {
  readonly name = 'DigestMismatch';
}
/** A blob is not as long as its descriptor says. */
export class SizeMismatch extends SlipwayError {
  readonly name = 'SizeMismatch';
}
/** An uncompressed layer does not have the diffId its config lists. */
export class DiffIdMismatch extends SlipwayError {
  readonly name = 'DiffIdMismatch';
}
/** A compressed layer cannot be decompressed. */
export class LayerCorrupt extends SlipwayError {
  readonly name = 'LayerCorrupt';
}
/** A form that is known and not taken; the remedy says how to make one that is. */
export class Unsupported extends SlipwayError {
  readonly name = 'Unsupported';
}
/** A bound of Slipway or ECR is exceeded; the message names it. */
export class LimitExceeded extends SlipwayError {
  readonly name = 'LimitExceeded';
}
/** The execution input is not a push request. */
export class RequestInvalid extends SlipwayError {
  readonly name = 'RequestInvalid';
}
/** The object key gives no legal repository name. */
export class KeyInvalid extends SlipwayError {
  readonly name = 'KeyInvalid';
}
/** A tag is not one that ECR takes. */
export class TagInvalid extends SlipwayError {
  readonly name = 'TagInvalid';
}
/** No drop allows this repository for this key. */
export class DestinationDenied extends SlipwayError {
  readonly name = 'DestinationDenied';
}
/** ECR has no such repository in the registry asked for. */
export class RepositoryNotFound extends SlipwayError {
  readonly name = 'RepositoryNotFound';
}
/** The registry id is not one that can be pushed to with these credentials. */
export class WrongRegistry extends SlipwayError {
  readonly name = 'WrongRegistry';
}
/** IAM or a repository policy denies an action; the message of AWS names it. */
export class PermissionDenied extends SlipwayError {
  readonly name = 'PermissionDenied';
}
/** The KMS key of the repository or bucket cannot be used. */
export class KmsDenied extends SlipwayError {
  readonly name = 'KmsDenied';
}
/** The tag exists, points elsewhere, and may not move. */
export class ImmutableTag extends SlipwayError {
  readonly name = 'ImmutableTag';
}
/** A service quota is used up. */
export class QuotaExceeded extends SlipwayError {
  readonly name = 'QuotaExceeded';
}
/** The tarball is no longer there. */
export class SourceGone extends SlipwayError {
  readonly name = 'SourceGone';
}
/** The tarball was overwritten while it was read. */
export class SourceChanged extends SlipwayError {
  readonly name = 'SourceChanged';
}
/** Something newer came first: a newer version of the tarball, or another image under the tag. */
export class Superseded extends SlipwayError {
  readonly name = 'Superseded';
}
/** AWS does not know the credentials, or not for this region. */
export class CredentialsInvalid extends SlipwayError {
  readonly name = 'CredentialsInvalid';
}
/** The credentials were good once. */
export class CredentialsExpired extends SlipwayError {
  readonly name = 'CredentialsExpired';
}
/** The clock that a request was signed by is too far from that of AWS. */
export class ClockSkewed extends SlipwayError {
  readonly name = 'ClockSkewed';
}
/** AWS asks to slow down. */
export class Throttled extends SlipwayError {
  readonly name = 'Throttled';
}
/** AWS answers with a server fault. */
export class ServiceUnavailable extends SlipwayError {
  readonly name = 'ServiceUnavailable';
}
/** No answer: DNS, connection or time limit. */
export class NetworkUnreachable extends SlipwayError {
  readonly name = 'NetworkUnreachable';
}
/** A layer's upload was lost more often than it may be restarted. */
export class UploadExpired extends SlipwayError {
  readonly name = 'UploadExpired';
}
/** ECR lacks layers that an image needs, after they were uploaded. */
export class LayersNotFound extends SlipwayError {
  readonly name = 'LayersNotFound';
}
/** A bug in Slipway. */
export class Internal extends SlipwayError {
  readonly name = 'Internal';
}
