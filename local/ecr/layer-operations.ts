import { downloadUrl } from './blob-downloads';
import { EcrError, within } from './errors';
import { matches, text, texts } from './input';
import { type Operation, placeIn, type Registry, repositoryAt } from './registry';
import type { Repository } from './repository';
import { DIGEST, isSha256 } from './rules';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Layer.html */
export interface LayerAvailability {
  readonly layerDigest: string;
  readonly layerAvailability: 'AVAILABLE' | 'UNAVAILABLE';
  /** Bytes. */
  readonly layerSize?: number;
  readonly mediaType?: string;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html */
export const batchCheckLayerAvailability: Operation<{ layers: LayerAvailability[]; failures: object[] }> = async (
  registry,
  input,
) => {
  const place = placeIn(registry, input);
  const digests = texts(input, 'layerDigests', { min: 1, max: 100 }, { max: 1000 });
  const repository = repositoryAt(registry, place);
  const layers: LayerAvailability[] = [];
  const failures: object[] = [];
  for (const digest of digests) {
    const failure = failureOf(digest);
    if (failure === undefined) layers.push(availability(repository, digest));
    else failures.push({ layerDigest: digest, ...failure });
  }
  return { layers, failures };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html */
export const getDownloadUrlForLayer: Operation<{ downloadUrl: string; layerDigest: string }> = async (
  registry,
  input,
  origin,
) => {
  const place = placeIn(registry, input);
  const layerDigest = text(input, 'layerDigest', DIGEST);
  const repository = repositoryAt(registry, place);
  if (!repository.layers.has(layerDigest)) {
    const what = `The layer with digest ${layerDigest} does not exist within ${within(place)}`;
    throw new EcrError('LayersNotFoundException', what);
  }
  if (!repository.isReferenced(layerDigest)) {
    const what = `The layer with digest ${layerDigest} is not associated with an image in ${within(place)}`;
    throw new EcrError('LayerInaccessibleException', what);
  }
  return { downloadUrl: downloadUrl(registry, layerDigest, origin), layerDigest };
};

/** Deletes the layers of a repository that no manifest names; returns their digests. Nothing where there is no such repository. */
export function collectUnreferencedLayers(registry: Registry, repositoryName: string): Promise<string[]> {
  return registry.catalog.change(async () => {
    const repository = registry.catalog.repositories.get(repositoryName);
    if (repository === undefined) return [];
    const unreferenced = [...repository.layers.keys()].filter((digest) => !repository.isReferenced(digest));
    for (const digest of unreferenced) await registry.catalog.removeLayer(repository, digest);
    return unreferenced;
  });
}

function failureOf(digest: string): object | undefined {
  if (digest === '') return { failureCode: 'MissingLayerDigest', failureReason: 'The layer digest is missing' };
  // A sha256 of any other length cannot name a layer.
  const wellFormed = matches(DIGEST.pattern ?? '', digest) && (!digest.startsWith('sha256:') || isSha256(digest));
  if (wellFormed) return undefined;
  return { failureCode: 'InvalidLayerDigest', failureReason: `The layer digest '${digest}' is not valid` };
}

function availability(repository: Repository, layerDigest: string): LayerAvailability {
  const layer = repository.layers.get(layerDigest);
  if (layer === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
  const mediaType = repository.mediaTypes.get(layerDigest);
  return {
    layerDigest,
    layerAvailability: 'AVAILABLE',
    layerSize: layer.size,
    ...(mediaType === undefined ? {} : { mediaType }),
  };
}
