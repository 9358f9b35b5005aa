import type { EndedPush } from '../../support/running-slipway';
import type { FaultPlan } from './fault-plan';
import type { StoredImage } from './stored-image';

/** What one run came to: a push under faults, and the same drop again without them. */
export interface Run {
  readonly plan: FaultPlan;
  readonly push: EndedPush;
  readonly again: EndedPush;
  /** How often each fault of the plan was met. */
  readonly met: readonly number[];
  /** Bytes of layers and configs in the tarball. */
  readonly size: number;
  /** Bytes of parts that reached ECR, answered or not. */
  readonly bytesSent: number;
  readonly bytesSentAgain: number;
  /** Bytes of layers that the repository lacked before the second push, where they are known. */
  readonly bytesMissing: number | undefined;
  /** What the tag led to after each of the pushes. */
  readonly tagged: StoredImage | undefined;
  readonly taggedByAgain: StoredImage | undefined;
  /** Digest that the tarball says the image has. */
  readonly expectedDigest: string | undefined;
  /** Digest that somebody else put under the tag. */
  readonly taggedElsewhere: string | undefined;
  /** Of the version that the first push was of; undefined where it is gone. */
  readonly sourceEtag: string | undefined;
  /** What was told of each push when it had ended. */
  readonly notices: readonly string[];
  readonly noticesOfAgain: readonly string[];
  /** What the functions wrote. */
  readonly log: string;
}
