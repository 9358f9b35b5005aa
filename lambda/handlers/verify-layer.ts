import { streamRange } from '../aws/source-object';
import { VerifyLayerInput } from '../contract/steps';
import { verifyBlob } from '../upload/verify-blob';
import { readLayer } from './wiring/read-layer';
import { step } from './wiring/step';

/** Reads one layer and compares it with its digest, and its content with its diffId where asked to, before the first upload. */
export const handler = step(VerifyLayerInput, async (input, { owner }) => {
  const { layer } = await readLayer(input, owner);
  await verifyBlob(layer, streamRange(layer.from, owner, layer.firstByte, layer.size));
  return { verified: layer.size };
});
