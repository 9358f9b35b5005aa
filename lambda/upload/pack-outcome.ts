import type { MissingLayer, UploadSmallLayersOutput } from '../contract/steps';

/** How far one invocation came with a layer. */
export interface LayerAttempt extends MissingLayer {
  readonly digest: string;
}

/** What became of a pack: the layers that ECR has, and those that go on on their own. */
export function packOutcome(
  attempts: readonly LayerAttempt[],
  available: ReadonlySet<string>,
): UploadSmallLayersOutput {
  const there = attempts.filter(({ digest }) => available.has(digest));
  const left = attempts.filter(({ digest }) => !available.has(digest));
  return {
    layers: there.map(({ index, bytesSent, restarts }) => ({ index, bytesSent, restarts })),
    left: left.map(({ digest: _, ...layer }) => layer),
  };
}
