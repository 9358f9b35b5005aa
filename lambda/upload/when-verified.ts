import type { Verify } from '../contract/push-request';
import type { PlannedLayer } from '../contract/upload-plan';

/**
 * Bytes of the largest layer that is compared with its digest while it is sent. A hash ends with its invocation: one that
 * takes a layer over reads again what was sent before it, and a layer up to here leaves it time for more.
 */
const LARGEST_VERIFIED_SENDING = 8 * 1024 ** 3;

/**
 * When the bytes of a layer that ECR lacks, and that nobody has compared with its digest, are compared (decision 0003).
 * @param isThere the repository is there already: what is found damaged on its way leaves nothing behind
 */
export function whenVerified(layer: {
  readonly asked: Verify;
  readonly size: number;
  readonly isThere: boolean;
}): PlannedLayer['verify'] {
  const { asked, size, isThere } = layer;
  if (asked === 'by-ecr') return 'not';
  return asked === 'deep' || !isThere || size > LARGEST_VERIFIED_SENDING ? 'first' : 'sending';
}
