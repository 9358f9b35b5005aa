import { availableLayers } from '../aws/ecr-layers';
import { completeSent, sendLayer } from '../aws/layer-upload';
import { UploadSmallLayersInput, type UploadSmallLayersOutput } from '../contract/steps';
import { inParallel } from '../image/in-parallel';
import { heldOutcome, packOutcome } from '../upload/pack-outcome';
import { sideBySide } from '../upload/side-by-side';
import { createIfMissing } from './wiring/create-if-missing';
import { readable, readPack } from './wiring/read-layer';
import { step } from './wiring/step';
import { PART_RESERVE_MS } from './wiring/time';

const COMPLETED_AT_ONCE = 16;

/**
 * Sends small layers, and completes them once all are sent, unless they are held; what is lost, or the time runs out for,
 * goes on on its own.
 */
export const handler = step(UploadSmallLayersInput, async (input, { owner, context }) => {
  const { layers, id, createWith } = await readPack(input, owner);
  await createIfMissing(id, createWith);
  const digests = layers.map(({ digest }) => digest);
  // A step that is tried again sends nothing that an earlier try has completed.
  const before = await availableLayers(id, digests);
  const mayGoOn = () => context.getRemainingTimeInMillis() > PART_RESERVE_MS;
  const attempts = await sideBySide(layers, async (layer) => {
    const { index, digest } = layer;
    const sent = input.sent?.find((one) => one.index === index);
    if (before.has(digest)) return { index, digest, bytesSent: sent?.bytesSent ?? 0, restarts: 0 };
    if (sent) return { ...sent, digest, allSent: true };
    return { index, digest, restarts: 0, ...(await sendLayer(readable(layer), id, owner, mayGoOn)) };
  });
  if (input.hold) return heldOutcome(attempts, before) satisfies UploadSmallLayersOutput;
  const completed = await inParallel(attempts, COMPLETED_AT_ONCE, (attempt) => completeSent(attempt, id));
  return packOutcome(completed, await availableLayers(id, digests)) satisfies UploadSmallLayersOutput;
});
