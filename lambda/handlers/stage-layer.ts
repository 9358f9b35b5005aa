import { streamRange } from '../aws/source-object';
import { findStagedLayer, writeStagedLayer } from '../aws/staged-layer';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { Internal } from '../contract/errors';
import { PushPlan } from '../contract/push-plan';
import { StageLayerInput } from '../contract/steps';
import type { StagedLayer } from '../contract/upload-plan';
import { gzipLayer } from '../image/gzip-layer';
import { zstdLayer } from '../image/zstd-layer';
import { stagedLayerPointers } from '../upload/staged-layer-pointers';
import { gzipWorkers } from './wiring/gzip-workers';
import { step } from './wiring/step';

/** Compresses one plain layer into the work bucket, unless an earlier push left it there. */
export const handler = step(StageLayerInput, async ({ plan, index }, { workBucket, owner, context }) => {
  const { plainLayers, source, compression } = await readDocument(plan, owner, PushPlan);
  const layer = plainLayers[index];
  if (!layer) throw new Internal({ found: `the plan has no plain layer ${index}`, remedy: 'Report this as a bug.' });
  const staging = { diffId: layer.diffId, compression };
  if (await findStagedLayer(staging, workBucket, owner)) return { compressed: 0 };
  const { blob, record } = stagedLayerPointers(staging, workBucket);
  // Both encoders are done with a piece when they ask for the next one.
  const plain = streamRange(source, owner, layer.firstByte, layer.size, { reused: true });
  const compressor = () => gzipWorkers(Number(context.memoryLimitInMB));
  const pieces = compression === 'zstd' ? zstdLayer(layer, plain) : gzipLayer(layer, plain, compressor());
  const written = await writeStagedLayer(blob, owner, pieces);
  await writeDocument(record, owner, { ...staging, ...written } satisfies StagedLayer);
  return { compressed: layer.size };
});
