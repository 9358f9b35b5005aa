import { readDocument } from '../../aws/work-bucket';
import { Internal } from '../../contract/errors';
import type { Pointer } from '../../contract/steps';
import { type PlannedLayer, UploadPlan } from '../../contract/upload-plan';

interface RepositoryOfLayers {
  readonly repository: string;
  readonly registryId: string | undefined;
}

/** One layer of the upload plan, and the repository it goes to. */
export async function readLayer(
  { uploads, index }: { uploads: Pointer; index: number },
  owner: string,
): Promise<{ layer: PlannedLayer; id: RepositoryOfLayers }> {
  const plan = await readDocument(uploads, owner, UploadPlan);
  return { layer: layerOf(plan, index), id: repositoryOf(plan) };
}

/** The layers of one pack with their indexes, and the repository they go to. */
export async function readPack(
  { uploads, pack }: { uploads: Pointer; pack: readonly number[] },
  owner: string,
): Promise<{ layers: (PlannedLayer & { index: number })[]; id: RepositoryOfLayers }> {
  const plan = await readDocument(uploads, owner, UploadPlan);
  return { layers: pack.map((index) => ({ ...layerOf(plan, index), index })), id: repositoryOf(plan) };
}

function layerOf({ layers }: UploadPlan, index: number): PlannedLayer {
  const layer = layers[index];
  if (layer) return layer;
  throw new Internal({ found: `the upload plan has no layer ${index}`, remedy: 'Report this as a bug.' });
}

function repositoryOf({ image, registryId }: UploadPlan): RepositoryOfLayers {
  return { repository: image.repository, registryId };
}
