import type { Verify } from '../contract/push-request';

/**
 * Whether a plain layer is sent while it is compressed, to a repository that is there (decision 0019). One that others may
 * share an invocation with is left to them; `deep` sends nothing before all is compared.
 * @param layer its bytes before compression, and those of the largest layer that is sent together with others
 */
export function isSentEarly(layer: {
  readonly asked: Verify;
  readonly size: number;
  readonly largestPacked: number;
}): boolean {
  const { asked, size, largestPacked } = layer;
  return asked !== 'deep' && size > largestPacked;
}
