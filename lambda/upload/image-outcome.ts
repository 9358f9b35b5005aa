import type { PushedImage } from '../contract/image-outcome';
import type { LayerResult } from '../contract/steps';
import type { UploadPlan } from '../contract/upload-plan';

/** What one image came to; a layer that took several rounds counts all of them. */
export function pushedImage(
  plan: UploadPlan,
  results: readonly LayerResult[],
  { owner, putAt }: { readonly owner: string; readonly putAt: string },
): PushedImage {
  const { name, repository, tags, digest, changed, manifests } = plan.image;
  return {
    outcome: 'pushed',
    name,
    repository,
    registryId: plan.registryId ?? owner,
    tags,
    digest,
    putAt,
    ...(changed === undefined ? {} : { changed }),
    manifests: manifests.map((manifest) => ({
      digest: manifest.digest,
      mediaType: manifest.mediaType,
      size: manifest.size,
    })),
    layers: plan.layers.map((layer, index) => {
      const rounds = results.filter((result) => result.index === index);
      return {
        digest: layer.digest,
        ...(layer.diffId === undefined ? {} : { diffId: layer.diffId }),
        size: layer.size,
        entry: layer.entry,
        bytesSent: rounds.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
        restarts: rounds.reduce((sum, { restarts }) => sum + restarts, 0),
        skipped: rounds.length === 0,
      };
    }),
  };
}
