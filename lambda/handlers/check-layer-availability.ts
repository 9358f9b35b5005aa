import { availableLayers } from '../aws/ecr-layers';
import { LayerState } from '../contract/steps';
import { readLayer } from './wiring/read-layer';
import { step } from './wiring/step';

/** After a lost upload: often somebody else's upload of the same layer was completed. */
export const handler = step(LayerState, async (state, { owner }) => {
  const { layer, id } = await readLayer(state, owner);
  const available = (await availableLayers(id, [layer.digest])).has(layer.digest);
  return { ...state, available } satisfies LayerState;
});
