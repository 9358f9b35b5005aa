import { availableLayers } from '../aws/ecr-layers';
import { uploadLayer } from '../aws/layer-upload';
import { LayerPackInput, type UploadSmallLayersOutput } from '../contract/steps';
import { packOutcome } from '../upload/pack-outcome';
import { sideBySide } from '../upload/side-by-side';
import { createIfMissing } from './wiring/create-if-missing';
import { readPack } from './wiring/read-layer';
import { step } from './wiring/step';
import { PART_RESERVE_MS } from './wiring/time';

/** Uploads small layers, each from Initiate to AVAILABLE; what is lost, or the time runs out for, goes on on its own. */
export const handler = step(LayerPackInput, async (input, { owner, context }) => {
  const { layers, id, createWith } = await readPack(input, owner);
  await createIfMissing(id, createWith);
  const digests = layers.map(({ digest }) => digest);
  // A step that is tried again sends nothing that an earlier try has sent.
  const before = await availableLayers(id, digests);
  const mayGoOn = () => context.getRemainingTimeInMillis() > PART_RESERVE_MS;
  const attempts = await sideBySide(layers, async (layer) => {
    const { index, digest } = layer;
    const attempt = before.has(digest) ? { bytesSent: 0 } : await uploadLayer(layer, id, owner, mayGoOn);
    return { index, digest, restarts: 0, ...attempt };
  });
  return packOutcome(attempts, await availableLayers(id, digests)) satisfies UploadSmallLayersOutput;
});
