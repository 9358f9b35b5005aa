import { hashUpTo } from '../aws/hash-up-to';
import { streamRange } from '../aws/stream-range';
import { VerifyPackInput } from '../contract/steps';
import type { ReadableLayer } from '../contract/upload-plan';
import { LayerHash } from '../upload/layer-hash';
import { sideBySide } from '../upload/side-by-side';
import { verifyContent, verifyDigest } from '../upload/verify-layer';
import { readable, readPack } from './wiring/read-layer';
import { step } from './wiring/step';

/** Reads layers and compares each with its digest, and its content with its diffId where asked to, before the first upload. */
export const handler = step(VerifyPackInput, async (input, { owner }) => {
  const { layers } = await readPack(input, owner);
  await sideBySide(layers, (layer) => verify(readable(layer), owner));
  return { verified: layers.reduce((sum, { size }) => sum + size, 0) };
});

async function verify(layer: ReadableLayer, owner: string): Promise<void> {
  const { from, firstByte, size, diffIds } = layer;
  if (diffIds) await verifyContent({ ...layer, diffIds }, streamRange(from, owner, firstByte, size));
  else await verifyBytes(layer, owner);
}

async function verifyBytes(layer: ReadableLayer, owner: string): Promise<void> {
  const hash = new LayerHash();
  await hashUpTo(layer.size, hash, layer, owner);
  verifyDigest(layer, hash.digest());
}
