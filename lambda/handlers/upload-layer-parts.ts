import { sendParts } from '../aws/part-sender';
import { takingNotes } from '../aws/progress-notes';
import { DOCUMENT_KEYS, pushOf } from '../contract/document-keys';
import { LayerState, LayerUpload } from '../contract/steps';
import type { UploadProgress } from '../contract/upload-progress';
import { partsInFlight } from '../upload/parts-in-flight';
import { readable, readLayer } from './wiring/read-layer';
import { step, variable } from './wiring/step';
import { PART_RESERVE_MS } from './wiring/time';

/** Sends parts of one layer, in order, until the last byte is acknowledged or the time is nearly used up. */
export const handler = step(LayerState.extend({ upload: LayerUpload }), async (state, { owner, context, warn }) => {
  const began = context.getRemainingTimeInMillis();
  const { layer, id } = await readLayer(state, owner);
  const mayGoOn = () => context.getRemainingTimeInMillis() > PART_RESERVE_MS;
  const inFlight = partsInFlight({
    wanted: Number(variable('SLIPWAY_PARTS_IN_FLIGHT')),
    memoryMib: Number(context.memoryLimitInMB),
    partSize: state.upload.partSize,
    restarts: state.restarts,
  });
  const { bucket, key } = state.uploads;
  const notes = {
    pointer: { bucket, key: DOCUMENT_KEYS.progress(pushOf(key), layer.digest) },
    owner,
    document: (nextByte: number): UploadProgress => ({ uploadId: state.upload.uploadId, nextByte }),
    elapsedMs: () => began - context.getRemainingTimeInMillis(),
    warn,
  };
  const { bytesSent, ...progress } = await takingNotes(notes, (onAcknowledged) =>
    sendParts(readable(layer, state.from), id, owner, state.upload, { mayGoOn, inFlight, onAcknowledged }),
  );
  return { ...state, ...progress, bytesSent: state.bytesSent + bytesSent } satisfies LayerState;
});
