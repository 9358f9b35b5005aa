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

/** As {@link packOutcome}, of a pack that is held: what is all sent stays together. */
export function heldOutcome(
  attempts: readonly LayerAttempt[],
  available: ReadonlySet<string>,
): UploadSmallLayersOutput {
  const { layers, left } = packOutcome(
    attempts.filter(({ allSent }) => !allSent),
    available,
  );
  const sent = attempts.flatMap(({ index, bytesSent, restarts, upload, allSent }) =>
    allSent && upload ? [{ index, bytesSent, restarts, upload }] : [],
  );
  const held = { pack: sent.map(({ index }) => index), sent, allSent: true };
  return { layers, left: [...(sent.length > 0 ? [held] : []), ...left] };
}
