import { readDocument } from '../../aws/work-bucket';
import { Internal } from '../../contract/errors';
import type { Pointer } from '../../contract/steps';
import { type PlannedLayer, UploadPlan } from '../../contract/upload-plan';

/** One layer of the upload plan, and the repository it goes to. */
export async function readLayer(
  { uploads, index }: { uploads: Pointer; index: number },
  owner: string,
): Promise<{ layer: PlannedLayer; id: { repository: string; registryId: string | undefined } }> {
  const { layers, registryId } = await readDocument(uploads, owner, UploadPlan);
  const layer = layers[index];
  if (!layer) throw new Internal({ found: `the upload plan has no layer ${index}`, remedy: 'Report this as a bug.' });
  return { layer, id: { repository: layer.repository, registryId } };
}
