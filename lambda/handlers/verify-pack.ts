import { streamRange } from '../aws/source-object';
import { LayerPackInput } from '../contract/steps';
import { sideBySide } from '../upload/side-by-side';
import { verifyBlob } from '../upload/verify-blob';
import { readPack } from './wiring/read-layer';
import { step } from './wiring/step';

/** Reads layers and compares each with its digest, and its content with its diffId where asked to, before the first upload. */
export const handler = step(LayerPackInput, async (input, { owner }) => {
  const { layers } = await readPack(input, owner);
  await sideBySide(layers, (layer) => verifyBlob(layer, streamRange(layer.from, owner, layer.firstByte, layer.size)));
  return { verified: layers.reduce((sum, { size }) => sum + size, 0) };
});
