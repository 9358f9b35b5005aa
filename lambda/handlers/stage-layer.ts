import { EarlyUpload } from '../aws/early-upload';
import { availableLayers, type RepositoryId } from '../aws/ecr-layers';
import { takingNotes } from '../aws/progress-notes';
import { findStagedLayer, sendAlone, writeStagedLayer } from '../aws/staged-layer';
import { streamRange } from '../aws/stream-range';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS, pushOf } from '../contract/document-keys';
import { Internal, RepositoryNotFound } from '../contract/errors';
import { PushPlan } from '../contract/push-plan';
import { StageLayerInput, type StageLayerOutput } from '../contract/steps';
import type { StagedLayer } from '../contract/upload-plan';
import type { CompressionProgress } from '../contract/upload-progress';
import { gzipLayer } from '../image/gzip-layer';
import { zstdLayer } from '../image/zstd-layer';
import { repositoriesOf } from '../upload/resolve-plan';
import { isSentAlone, isSentEarly } from '../upload/sent-early';
import { stagedLayerPointers } from '../upload/staged-layer-pointers';
import { gzipWorkers } from './wiring/gzip-workers';
import { step, variable } from './wiring/step';

/**
 * Compresses one plain layer, unless an earlier push left it in the work bucket or in ECR: into the work bucket or, where
 * it is too large to share an invocation later, to ECR on the way, and then only what ECR does not take is copied.
 */
export const handler = step(StageLayerInput, async (input, { workBucket, owner, context, warn }) => {
  const { plan: pointer, image, index, copy } = input;
  const plan = await readDocument(pointer, owner, PushPlan);
  const [layer, destination] = [plan.plainLayers[index], plan.images[image]];
  if (!layer || !destination) {
    const found = `the plan has no plain layer ${index} or no image ${image}`;
    throw new Internal({ found, remedy: 'Report this as a bug.' });
  }
  const { compression } = plan;
  const { diffId, size } = layer;
  const staging = { diffId, compression };
  const id = { repository: destination.repository, registryId: plan.registryId };
  const known = await findStagedLayer(staging, workBucket, owner);
  const kept = { plainLayer: index, compressed: 0 };
  if (known?.object) return { ...kept, ...(copy && { object: known.object }) } satisfies StageLayerOutput;
  if (known && !copy && (await isAvailable(id, known.digest))) return kept satisfies StageLayerOutput;

  // The other half is for the layer alone, should ECR be slower than the compressor, or not take all of it.
  const began = context.getRemainingTimeInMillis();
  const mayGoOn = () => context.getRemainingTimeInMillis() > began / 2;
  const largestPacked = Number(variable('SLIPWAY_LARGEST_PACKED_LAYER'));
  const isSent = !copy && isSentEarly({ asked: plan.verify, size, largestPacked });
  const early = isSent ? new EarlyUpload({ id, mayGoOn, warn }) : undefined;
  const repositories = repositoriesOf(plan, diffId).length;
  const alone = isSentAlone({ compression, size, repositories, isKnown: known !== undefined }) ? early : undefined;

  const { blob, record } = stagedLayerPointers(staging, workBucket);
  const notes = {
    pointer: { bucket: workBucket, key: DOCUMENT_KEYS.progress(pushOf(pointer.key), diffId) },
    owner,
    document: (compressed: number): CompressionProgress => ({ compressed }),
    elapsedMs: () => began - context.getRemainingTimeInMillis(),
    warn,
  };
  const written = await takingNotes(notes, async (onProgress): Promise<Written> => {
    const compressed = () => {
      // Both encoders are done with a piece when they ask for the next one.
      const plain = streamRange(plan.source, owner, layer.firstByte, size, { reused: true });
      if (compression === 'zstd') return zstdLayer(layer, counted(plain, onProgress));
      return gzipLayer(layer, counted(plain, onProgress), gzipWorkers(Number(context.memoryLimitInMB)));
    };
    const sent = alone && (await sendAlone(alone, compressed()));
    if (sent) return sent;
    // What was not taken whole on the way is not sent on another.
    return writeStagedLayer(blob, owner, early && !alone ? early.through(compressed()) : compressed());
  });
  await writeDocument(record, owner, { ...staging, ...written } satisfies StagedLayer);
  if (copy) return { plainLayer: index, compressed: size, object: written.object } satisfies StageLayerOutput;
  const attempt = early?.attempt;
  const begun = attempt && { begun: { index, ...attempt } };
  return { plainLayer: index, compressed: size, ...begun } satisfies StageLayerOutput;
});

type Written = Pick<StagedLayer, 'digest' | 'size' | 'object'>;

/** A repository that is yet to be created has nothing. */
async function isAvailable(id: RepositoryId, digest: string): Promise<boolean> {
  try {
    return (await availableLayers(id, [digest])).has(digest);
  } catch (error) {
    if (error instanceof RepositoryNotFound) return false;
    throw error;
  }
}

/** The same pieces; tells how many bytes were taken when the next is asked for. */
async function* counted(pieces: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    yield piece;
    tell(bytes);
  }
}
