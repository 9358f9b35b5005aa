import type { Execution } from '../../aws/executions';
import { readOptionalDocument } from '../../aws/work-bucket';
import { DOCUMENT_KEYS } from '../../contract/document-keys';
import { ImageOutcome } from '../../contract/image-outcome';
import type { ImageProgress, LayerProgress, PlainLayerProgress } from '../../contract/push-api';
import { PushPlan } from '../../contract/push-plan';
import type { StateEvent } from '../../contract/state-output';
import { UploadPlan } from '../../contract/upload-plan';
import { CompressionProgress, UploadProgress } from '../../contract/upload-progress';
import { compressionProgress } from '../../upload/compression-progress';
import { imagesProgress, layersProgress } from '../../upload/push-progress';
import { setAside } from '../../upload/receipt';
import { imageOutcomePointer } from './image-outcomes';
import { variable } from './step';

/**
 * Progress of each image, out of the documents of the push; none before there is a plan.
 * @param events what states did, newest first
 */
export async function progressOf(
  { name, executionArn, status }: Execution,
  events: AsyncIterable<StateEvent>,
): Promise<ImageProgress[]> {
  const [bucket, owner] = [variable('SLIPWAY_WORK_BUCKET'), variable('SLIPWAY_ACCOUNT_ID')];
  const plan = await readOptionalDocument({ bucket, key: DOCUMENT_KEYS.plan(name) }, owner, PushPlan);
  if (!plan) return [];
  const outcomes = await outcomesOf(name, plan.images.length);
  const ended = status !== 'RUNNING';
  const state = { plan, outcomes, setAside: setAside(plan, executionArn), ended };
  if (ended || outcomes.length === plan.images.length) return imagesProgress(state);
  const image = outcomes.length;
  const layers = await layersOf(name, image, outputsIn(events));
  if (layers) return imagesProgress({ ...state, layers });
  return imagesProgress({ ...state, plainLayers: await compressionOf(name, plan, image, events) });
}

const AT_ONCE = 25;

/** Outcomes of the first images, as many as have one: they come one after another. */
async function outcomesOf(execution: string, images: number): Promise<ImageOutcome[]> {
  const [bucket, owner] = [variable('SLIPWAY_WORK_BUCKET'), variable('SLIPWAY_ACCOUNT_ID')];
  const outcomes: ImageOutcome[] = [];
  while (outcomes.length < images) {
    const some = Array.from({ length: Math.min(AT_ONCE, images - outcomes.length) }, (_, at) => outcomes.length + at);
    const read = await Promise.all(
      some.map((image) => readOptionalDocument(imageOutcomePointer({ execution, image }, bucket), owner, ImageOutcome)),
    );
    const end = read.indexOf(undefined);
    outcomes.push(...read.slice(0, end < 0 ? undefined : end).filter((outcome) => outcome !== undefined));
    if (end >= 0) break;
  }
  return outcomes;
}

async function layersOf(
  execution: string,
  image: number,
  outputs: AsyncIterable<unknown>,
): Promise<LayerProgress[] | undefined> {
  const [bucket, owner] = [variable('SLIPWAY_WORK_BUCKET'), variable('SLIPWAY_ACCOUNT_ID')];
  const key = DOCUMENT_KEYS.uploads(execution, image);
  const uploads = await readOptionalDocument({ bucket, key }, owner, UploadPlan);
  const noted = (digest: string) =>
    readOptionalDocument({ bucket, key: DOCUMENT_KEYS.progress(execution, digest) }, owner, UploadProgress);
  return uploads && layersProgress(uploads, key, outputs, noted);
}

async function compressionOf(
  execution: string,
  plan: PushPlan,
  image: number,
  events: AsyncIterable<StateEvent>,
): Promise<PlainLayerProgress[]> {
  const [bucket, owner] = [variable('SLIPWAY_WORK_BUCKET'), variable('SLIPWAY_ACCOUNT_ID')];
  const noted = (diffId: string) =>
    readOptionalDocument({ bucket, key: DOCUMENT_KEYS.progress(execution, diffId) }, owner, CompressionProgress);
  return compressionProgress(plan, image, events, noted);
}

async function* outputsIn(events: AsyncIterable<StateEvent>): AsyncGenerator<unknown> {
  for await (const event of events) if ('output' in event) yield event.output;
}
