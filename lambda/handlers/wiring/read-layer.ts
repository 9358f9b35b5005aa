import { readDocument } from '../../aws/work-bucket';
import type { RepositorySettings } from '../../contract/create-repositories';
import { Internal } from '../../contract/errors';
import type { Pointer } from '../../contract/steps';
import { type PlannedLayer, type ReadableLayer, UploadPlan } from '../../contract/upload-plan';

/** Where layers go. */
interface Target {
  readonly id: { readonly repository: string; readonly registryId: string | undefined };
  /** What the repository is created with where it is missing; undefined where it is not. */
  readonly createWith: RepositorySettings | undefined;
}

/** One layer of the upload plan, and the repository it goes to. */
export async function readLayer(
  { uploads, index }: { uploads: Pointer; index: number },
  owner: string,
): Promise<{ layer: PlannedLayer } & Target> {
  const plan = await readDocument(uploads, owner, UploadPlan);
  return { layer: layerOf(plan, index), ...targetOf(plan) };
}

/** The layers of one pack with their indexes, and the repository they go to. */
export async function readPack(
  { uploads, pack }: { uploads: Pointer; pack: readonly number[] },
  owner: string,
): Promise<{ layers: (PlannedLayer & { index: number })[] } & Target> {
  const plan = await readDocument(uploads, owner, UploadPlan);
  return { layers: pack.map((index) => ({ ...layerOf(plan, index), index })), ...targetOf(plan) };
}

/** The layer with its bytes: those of the plan, or `from` where they were copied since. */
export function readable<Layer extends PlannedLayer>(layer: Layer, from = layer.from): Layer & ReadableLayer {
  if (from) return { ...layer, from };
  throw new Internal({ found: `nothing holds the bytes of ${layer.digest}`, remedy: 'Report this as a bug.' });
}

function layerOf({ layers }: UploadPlan, index: number): PlannedLayer {
  const layer = layers[index];
  if (layer) return layer;
  throw new Internal({ found: `the upload plan has no layer ${index}`, remedy: 'Report this as a bug.' });
}

function targetOf({ image, registryId, createWith }: UploadPlan): Target {
  return { id: { repository: image.repository, registryId }, createWith };
}
