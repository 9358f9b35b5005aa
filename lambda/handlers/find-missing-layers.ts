import { availableLayers } from '../aws/ecr-layers';
import { repositoryExists } from '../aws/ecr-repositories';
import { eventsSoFar } from '../aws/execution-events';
import { findStagedLayer } from '../aws/staged-layer';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS } from '../contract/document-keys';
import { Internal, LayersNotFound } from '../contract/errors';
import { PushPlan } from '../contract/push-plan';
import {
  type BegunUpload,
  FindMissingLayersInput,
  type FindMissingLayersOutput,
  type UploadAttempt,
} from '../contract/steps';
import type { StagedLayer, UploadPlan } from '../contract/upload-plan';
import { inParallel } from '../image/in-parallel';
import { missingItems, sentOf } from '../upload/missing-items';
import { packMissing } from '../upload/pack-layers';
import { assertUploadable, USUAL_PART_SIZE } from '../upload/part-plan';
import { loadsOf, plainLayersOf, resolvePlan } from '../upload/resolve-plan';
import type { Staging } from '../upload/staged-layer-pointers';
import { assertImageFits, mayRunOut } from '../upload/workflow-limits';
import { step, variable } from './wiring/step';

const MAX_ROUNDS = 3;
const MOST_READS = 16;

/** Asks ECR which layers of one image it has: what is there is never sent again. Writes uploads-<image>.json. */
export const handler = step(FindMissingLayersInput, async ({ begun, ...input }, { workBucket, owner }) => {
  if (input.rounds >= MAX_ROUNDS) throw vanishing();
  const plan = await readDocument(input.plan, owner, PushPlan);
  const image = plan.images[input.image];
  if (!image) throw new Internal({ found: `the plan has no image ${input.image}`, remedy: 'Report this as a bug.' });
  const { compression } = plan;
  const plain = plainLayersOf(plan, image).map((index) => plan.plainLayers[index]?.diffId ?? '');
  const stagings = plain.map((diffId) => ({ diffId, compression }));
  const id = { repository: image.repository, registryId: plan.registryId };
  // A repository that is yet to be created has nothing.
  const isThere = !image.createWith || (await repositoryExists(id));
  const document = resolvePlan(plan, image, await stagedLayers(stagings, workBucket, owner), input, isThere);

  const digests = document.layers.map(({ digest }) => digest);
  const available = isThere ? await availableLayers(id, digests) : new Set<string>();
  const earlier = sentEarlier(begun, plan, document);
  const missing = document.layers.flatMap((layer, index) =>
    available.has(layer.digest) ? [] : [{ ...layer, index, sent: sentOf(earlier.get(index)) }],
  );
  for (const layer of missing) assertUploadable(layer, USUAL_PART_SIZE);
  const packed = packMissing(missing, Number(variable('SLIPWAY_LARGEST_PACKED_LAYER')));
  const images = loadsOf(plan);
  const used = mayRunOut(images) ? await eventsSoFar(input.executionArn) : 0;
  assertImageFits(packed, { used, later: images.slice(input.image + 1) });

  const uploads = { bucket: workBucket, key: DOCUMENT_KEYS.uploads(input.execution, input.image) };
  await writeDocument(uploads, owner, document);
  return {
    ...input,
    uploads,
    rounds: input.rounds + 1,
    missing: missingItems(packed, earlier, document.layers),
    unverified: packed.unverified,
    hold: packed.hold,
  } satisfies FindMissingLayersOutput;
});

/** What was sent while it was compressed, by the index into the upload plan's layers. */
function sentEarlier(
  begun: readonly BegunUpload[],
  { plainLayers }: PushPlan,
  { layers }: UploadPlan,
): Map<number, UploadAttempt> {
  return new Map(
    begun.map(({ index, ...attempt }) => {
      const diffId = plainLayers[index]?.diffId;
      return [layers.findIndex((layer) => layer.diffId === diffId), attempt];
    }),
  );
}

async function stagedLayers(
  stagings: readonly Staging[],
  bucket: string,
  owner: string,
): Promise<Map<string, StagedLayer>> {
  const found = await inParallel(stagings, MOST_READS, (layer) => findStagedLayer(layer, bucket, owner));
  return new Map(found.flatMap((layer) => (layer ? [[layer.diffId, layer]] : [])));
}

function vanishing(): LayersNotFound {
  return new LayersNotFound({
    found: `ECR still lacks layers or images after ${MAX_ROUNDS} rounds of uploads`,
    expected: 'layers that stay in the repository until their image is put',
    remedy: 'Look for something that deletes from this repository while it is pushed to.',
  });
}
