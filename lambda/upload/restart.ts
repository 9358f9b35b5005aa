import { DigestMismatch, UploadExpired } from '../contract/errors';
import type { LostUpload } from '../contract/steps';

/** Most restarts of one layer. */
export const MAX_RESTARTS = 3;

/** A second digest of ECR's own says that the bytes are wrong, not the wire. */
const MAX_REFUSALS = 1;

const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 60;

export interface LostLayer {
  readonly digest: string;
  readonly entry: string;
  readonly repository: string;
  /** Restarts before this one. */
  readonly restarts: number;
  /** Restarts before this one that were for another digest. */
  readonly refusals: number;
  readonly lost: LostUpload;
}

interface Restart {
  /** This one included. */
  readonly restarts: number;
  readonly refusals: number;
  readonly waitSeconds: number;
}

/**
 * Decides on one more upload of a layer: how long to wait before it, in seconds.
 * Throws UploadExpired when the layer was restarted often enough, DigestMismatch when ECR's digest differs again.
 * @param spread number in [0, 1) that tells layers apart, so that they do not come back all at once
 */
export function planRestart(layer: LostLayer, spread: number): Restart {
  const { digest, entry, repository, restarts, lost } = layer;
  const refusals = layer.refusals + (lost === 'DigestMismatch' ? 1 : 0);
  if (refusals > MAX_REFUSALS) {
    throw new DigestMismatch({
      found: `ECR computed another digest than ${digest} from the bytes sent`,
      entry,
      expected: digest,
      remedy: 'The tarball is damaged: write it again and drop it again.',
    });
  }
  if (restarts >= MAX_RESTARTS) {
    throw new UploadExpired({
      found: `ECR gave up the upload of ${digest} to ${repository} ${restarts + 1} times (last: ${lost})`,
      entry,
      expected: 'an upload that lives until its last part',
      remedy:
        'Drop the tarball again when nothing else pushes the same layers to this repository: what is there is not sent again.',
      evidence: { layer: digest, repository, restarts: String(restarts), lost },
    });
  }
  const ceiling = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 4 ** restarts);
  return { restarts: restarts + 1, refusals, waitSeconds: Math.ceil(ceiling * (0.5 + spread / 2)) };
}
