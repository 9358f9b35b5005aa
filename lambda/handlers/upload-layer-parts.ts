import { sendParts } from '../aws/part-sender';
import { LayerState, LayerUpload } from '../contract/steps';
import { partsInFlight } from '../upload/parts-in-flight';
import { readLayer } from './wiring/read-layer';
import { step, variable } from './wiring/step';
import { PART_RESERVE_MS } from './wiring/time';

/** Sends parts of one layer, in order, until the last byte is acknowledged or the time is nearly used up. */
export const handler = step(LayerState.extend({ upload: LayerUpload }), async (state, { owner, context }) => {
  const { layer, id } = await readLayer(state, owner);
  const mayGoOn = () => context.getRemainingTimeInMillis() > PART_RESERVE_MS;
  const inFlight = partsInFlight({
    wanted: Number(variable('SLIPWAY_PARTS_IN_FLIGHT')),
    memoryMib: Number(context.memoryLimitInMB),
    partSize: state.upload.partSize,
    restarts: state.restarts,
  });
  const { bytesSent, ...progress } = await sendParts(layer, id, owner, state.upload, mayGoOn, inFlight);
  return { ...state, ...progress, bytesSent: state.bytesSent + bytesSent } satisfies LayerState;
});
