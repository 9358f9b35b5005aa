import type { LayerCompression, Verify } from '../contract/push-request';

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

// As much as StageLayer compresses twice in its 15 minutes.
const LARGEST_SENT_ALONE = 16 * 1024 ** 3;

/**
 * Whether a layer that is sent early goes to ECR alone, without a copy in the work bucket (decision 0020). It has one where
 * somebody else is known to need it, and where to make it again might give other bytes or take too long.
 * @param layer its bytes before compression, the repositories that this push takes it to, and whether a push before had it
 */
export function isSentAlone(layer: {
  readonly compression: LayerCompression;
  readonly size: number;
  readonly repositories: number;
  readonly isKnown: boolean;
}): boolean {
  const { compression, size, repositories, isKnown } = layer;
  return compression === 'gzip' && size <= LARGEST_SENT_ALONE && repositories === 1 && !isKnown;
}
