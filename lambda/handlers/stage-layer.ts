import { EarlyUpload } from '../aws/early-upload';
import { takingNotes } from '../aws/progress-notes';
import { findStagedLayer, writeStagedLayer } from '../aws/staged-layer';
import { streamRange } from '../aws/stream-range';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS, pushOf } from '../contract/document-keys';
import { Internal } from '../contract/errors';
import { PushPlan } from '../contract/push-plan';
import { StageLayerInput, type StageLayerOutput } from '../contract/steps';
import type { StagedLayer } from '../contract/upload-plan';
import type { CompressionProgress } from '../contract/upload-progress';
import { gzipLayer } from '../image/gzip-layer';
import { zstdLayer } from '../image/zstd-layer';
import { isSentEarly } from '../upload/sent-early';
import { stagedLayerPointers } from '../upload/staged-layer-pointers';
import { gzipWorkers } from './wiring/gzip-workers';
import { step, variable } from './wiring/step';

/**
 * Compresses one plain layer into the work bucket, unless an earlier push left it there; what is too large to share an
 * invocation later is sent to ECR on the way, as far as that goes.
 */
export const handler = step(StageLayerInput, async ({ plan, image, index }, { workBucket, owner, context, warn }) => {
  const { plainLayers, images, registryId, source, verify, compression } = await readDocument(plan, owner, PushPlan);
  const [layer, destination] = [plainLayers[index], images[image]];
  if (!layer || !destination) {
    const found = `the plan has no plain layer ${index} or no image ${image}`;
    throw new Internal({ found, remedy: 'Report this as a bug.' });
  }
  const staging = { diffId: layer.diffId, compression };
  if (await findStagedLayer(staging, workBucket, owner)) return { plainLayer: index, compressed: 0 };
  const { blob, record } = stagedLayerPointers(staging, workBucket);
  // The other half is for the layer alone, should ECR be slower than the compressor.
  const began = context.getRemainingTimeInMillis();
  const mayGoOn = () => context.getRemainingTimeInMillis() > began / 2;
  const id = { repository: destination.repository, registryId };
  const largestPacked = Number(variable('SLIPWAY_LARGEST_PACKED_LAYER'));
  const isSent = isSentEarly({ asked: verify, size: layer.size, largestPacked });
  const early = isSent ? new EarlyUpload({ id, mayGoOn, warn }) : undefined;
  const notes = {
    pointer: { bucket: workBucket, key: DOCUMENT_KEYS.progress(pushOf(plan.key), layer.diffId) },
    owner,
    document: (compressed: number): CompressionProgress => ({ compressed }),
    elapsedMs: () => began - context.getRemainingTimeInMillis(),
    warn,
  };
  const written = await takingNotes(notes, (onProgress) => {
    // Both encoders are done with a piece when they ask for the next one.
    const plain = counted(streamRange(source, owner, layer.firstByte, layer.size, { reused: true }), onProgress);
    const compressor = () => gzipWorkers(Number(context.memoryLimitInMB));
    const pieces = compression === 'zstd' ? zstdLayer(layer, plain) : gzipLayer(layer, plain, compressor());
    return writeStagedLayer(blob, owner, early?.through(pieces) ?? pieces);
  });
  await writeDocument(record, owner, { ...staging, ...written } satisfies StagedLayer);
  const attempt = early?.attempt;
  const begun = attempt && { begun: { index, ...attempt } };
  return { plainLayer: index, compressed: layer.size, ...begun } satisfies StageLayerOutput;
});

/** The same pieces; tells how many bytes were taken when the next is asked for. */
async function* counted(pieces: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    yield piece;
    tell(bytes);
  }
}
