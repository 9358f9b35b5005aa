import type { FailedImage, ImageOutcome, PushedImage } from '../contract/image-outcome';
import type { ImageProgress, LayerProgress } from '../contract/push-api';
import type { PushPlan } from '../contract/push-plan';
import { StateOutput } from '../contract/state-output';
import type { UploadPlan } from '../contract/upload-plan';

/** How far a push is; images go one after another, so the one after the last outcome is under way. */
export interface PushState {
  readonly plan: PushPlan;
  /** Of the first images of the plan. */
  readonly outcomes: readonly ImageOutcome[];
  /** Images that were set aside when the tarball was inspected. */
  readonly setAside: readonly FailedImage[];
  readonly ended: boolean;
  /** Of the image under way, once they are known. */
  readonly layers?: readonly LayerProgress[];
}

const MOST_LAYERS = 1000;

/** Progress of each image, in the order of the plan, those set aside last. */
export function imagesProgress({ plan, outcomes, setAside, ended, layers }: PushState): ImageProgress[] {
  const known = [...outcomes, ...setAside].map(outcomeProgress);
  const brief = known.reduce((sum, image) => sum + (image.layers?.length ?? 0), 0) > MOST_LAYERS;
  const told = brief ? known.map(({ layers: _, ...image }) => image) : known;
  const left = plan.images.slice(outcomes.length).map(({ name, repository, tags }, at): ImageProgress => {
    const image = { name, repository, tags };
    if (ended) return { ...image, state: 'unpushed' };
    if (at > 0) return { ...image, state: 'waiting' };
    return { ...image, state: 'pushing', ...(layers === undefined ? {} : { layers: [...layers] }) };
  });
  return [...told.slice(0, outcomes.length), ...left, ...told.slice(outcomes.length)];
}

/**
 * Progress of each layer of the image under way.
 * @param outputs what states put out, newest first; read back to where the missing layers were found
 */
export async function layersProgress(
  plan: UploadPlan,
  uploadsKey: string,
  outputs: AsyncIterable<unknown>,
): Promise<LayerProgress[]> {
  const done = new Set<number>();
  const acknowledged = new Map<number, number>();
  const restarts = new Map<number, number>();
  let missing = new Set<number>();
  for await (const output of outputs) {
    const { data: state = {} } = StateOutput.safeParse(output);
    for (const one of [state, ...(state.layers ?? [])]) {
      if (one.index !== undefined && one.restarts && !restarts.has(one.index)) restarts.set(one.index, one.restarts);
    }
    for (const { index } of state.layers ?? []) done.add(index);
    if (state.index !== undefined && state.available) done.add(state.index);
    if (state.index !== undefined && !acknowledged.has(state.index)) {
      acknowledged.set(state.index, state.upload?.nextByte ?? 0);
    }
    if (state.missing && state.uploads?.key === uploadsKey) {
      missing = new Set(state.missing.flatMap(indexesOf));
      break;
    }
  }
  return plan.layers.map(({ digest, size }, index): LayerProgress => {
    if (!missing.has(index)) return { digest, size, state: 'skipped', sent: 0 };
    const again = restarted(restarts.get(index));
    if (done.has(index)) return { digest, size, state: 'done', sent: size, ...again };
    const sent = Math.min(acknowledged.get(index) ?? 0, size);
    return { digest, size, state: acknowledged.has(index) ? 'sending' : 'waiting', sent, ...again };
  });
}

function indexesOf(missing: NonNullable<StateOutput['missing']>[number]): number[] {
  if (typeof missing === 'number') return [missing];
  return 'pack' in missing ? missing.pack : [missing.index];
}

function outcomeProgress(image: ImageOutcome): ImageProgress {
  const { name, repository, tags } = image;
  if (image.outcome === 'failed') return { name, repository, tags, state: 'failed', diagnosis: image.diagnosis };
  return { name, repository, tags, state: 'pushed', digest: image.digest, layers: image.layers.map(pushedLayer) };
}

function pushedLayer({ digest, size, skipped, restarts }: PushedImage['layers'][number]): LayerProgress {
  return { digest, size, state: skipped ? 'skipped' : 'done', sent: skipped ? 0 : size, ...restarted(restarts) };
}

function restarted(restarts = 0): Pick<LayerProgress, 'restarts'> {
  return restarts === 0 ? {} : { restarts };
}
