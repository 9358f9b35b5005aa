import { availableLayers, completeUpload } from '../aws/ecr-layers';
import { LayerState, LayerUpload } from '../contract/steps';
import { readLayer } from './wiring/read-layer';
import { step } from './wiring/step';

/** Ends the upload of one layer, and asks ECR whether the layer is there: its word counts, not the reply's. */
export const handler = step(LayerState.extend({ upload: LayerUpload }), async (state, { owner }) => {
  const { layer, id } = await readLayer(state, owner);
  const outcome = await completeUpload(id, state.upload.uploadId, layer.digest);
  const available = (await availableLayers(id, [layer.digest])).has(layer.digest);
  return {
    ...state,
    available,
    lost: outcome === 'completed' ? ('UploadNotFound' as const) : outcome,
  } satisfies LayerState;
});
