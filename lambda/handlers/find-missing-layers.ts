import { availableLayers } from '../aws/ecr-layers';
import { findStagedLayer } from '../aws/staged-layer';
import { readDocument, writeDocument } from '../aws/work-bucket';
import { Internal, LayersNotFound } from '../contract/errors';
import { PushPlan } from '../contract/push-plan';
import { FindMissingLayersInput, type FindMissingLayersOutput } from '../contract/steps';
import type { StagedLayer, UploadPlan } from '../contract/upload-plan';
import { inParallel } from '../image/in-parallel';
import { assertUploadable, USUAL_PART_SIZE } from '../upload/part-plan';
import { resolvePlan } from '../upload/resolve-plan';
import { assertWorkflowFits } from '../upload/workflow-limits';
import { step } from './wiring/step';

const MAX_ROUNDS = 3;
const MOST_READS = 16;

/** Asks ECR which layers each repository has: what is there is never sent again. Writes uploads.json. */
export const handler = step(FindMissingLayersInput, async (input, { workBucket, owner }) => {
  if (input.rounds >= MAX_ROUNDS) throw vanishing();
  const plan = await readDocument(input.plan, owner, PushPlan);
  const document = resolvePlan(plan, await stagedLayers(plan, workBucket, owner));
  const missing = await missingLayers(document);
  for (const index of missing) assertUploadable(layerAt(document, index), USUAL_PART_SIZE);
  const unverified = missing.filter((index) => !layerAt(document, index).verified);
  const { images, plainLayers } = plan;
  assertWorkflowFits({
    images: images.length,
    plainLayers: plainLayers.length,
    unverified: unverified.length,
    missing: missing.length,
  });

  const uploads = { bucket: workBucket, key: `pushes/${input.execution}/uploads.json` };
  await writeDocument(uploads, owner, document);
  return { ...input, uploads, missing, unverified, rounds: input.rounds + 1 } satisfies FindMissingLayersOutput;
});

async function stagedLayers(plan: PushPlan, bucket: string, owner: string): Promise<Map<string, StagedLayer>> {
  const found = await inParallel(plan.plainLayers, MOST_READS, ({ diffId }) => findStagedLayer(diffId, bucket, owner));
  return new Map(found.flatMap((layer) => (layer ? [[layer.diffId, layer]] : [])));
}

async function missingLayers({ layers, registryId }: UploadPlan): Promise<number[]> {
  const byRepository = new Map<string, string[]>();
  for (const { repository, digest } of layers) {
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), digest]);
  }
  const available = new Set<string>();
  for (const [repository, digests] of byRepository) {
    const found = await availableLayers({ repository, registryId }, digests);
    for (const digest of found) available.add(`${repository} ${digest}`);
  }
  return layers.flatMap(({ repository, digest }, index) => (available.has(`${repository} ${digest}`) ? [] : [index]));
}

function layerAt({ layers }: UploadPlan, index: number): UploadPlan['layers'][number] {
  const layer = layers[index];
  if (layer) return layer;
  throw new Internal({ found: `the upload plan has no layer ${index}`, remedy: 'Report this as a bug.' });
}

function vanishing(): LayersNotFound {
  return new LayersNotFound({
    found: `ECR still lacks layers or images after ${MAX_ROUNDS} rounds of uploads`,
    expected: 'layers that stay in the repository until their image is put',
    remedy: 'Look for something that deletes from this repository while it is pushed to.',
  });
}
