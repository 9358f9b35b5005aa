import type { FailedImage, ImageOutcome, PushedImage } from '../contract/image-outcome';
import type { ImageProgress, LayerProgress, PlainLayerProgress } from '../contract/push-api';
import type { PushPlan } from '../contract/push-plan';
import { StateOutput } from '../contract/state-output';
import type { UploadPlan } from '../contract/upload-plan';
import type { UploadProgress } from '../contract/upload-progress';

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
  /** Of the image under way, before that. */
  readonly plainLayers?: readonly PlainLayerProgress[];
}

const MOST_LAYERS = 1000;

/** Progress of each image, in the order of the plan, those set aside last. */
export function imagesProgress({
  plan,
  outcomes,
  setAside,
  ended,
  layers,
  plainLayers = [],
}: PushState): ImageProgress[] {
  const known = [...outcomes, ...setAside].map(outcomeProgress);
  const brief = known.reduce((sum, image) => sum + (image.layers?.length ?? 0), 0) > MOST_LAYERS;
  const told = brief ? known.map(({ layers: _, ...image }) => image) : known;
  const left = plan.images.slice(outcomes.length).map(({ name, repository, tags }, at): ImageProgress => {
    const image = { name, repository, tags };
    if (ended) return { ...image, state: 'unpushed' };
    if (at > 0) return { ...image, state: 'waiting' };
    if (layers) return { ...image, state: 'pushing', layers: [...layers] };
    return { ...image, state: 'pushing', ...(plainLayers.length > 0 && { plainLayers: [...plainLayers] }) };
  });
  return [...told.slice(0, outcomes.length), ...left, ...told.slice(outcomes.length)];
}

/**
 * Progress of each layer of the image under way.
 * @param outputs what states put out, newest first; read back to where the missing layers were found
 * @param noted what an invocation that runs now has left about the upload of a layer
 */
export async function layersProgress(
  plan: UploadPlan,
  uploadsKey: string,
  outputs: AsyncIterable<unknown>,
  noted: (digest: string) => Promise<UploadProgress | undefined>,
): Promise<LayerProgress[]> {
  const { missing, done, uploads, restarts } = await layersIn(outputs, uploadsKey);
  return Promise.all(
    plan.layers.map(async ({ digest, size }, index): Promise<LayerProgress> => {
      const again = restarted(restarts.get(index));
      // Before what is missing: that may be what an earlier round has left.
      if (done.has(index)) return { digest, size, state: 'done', sent: size, ...again };
      if (!missing.has(index)) return { digest, size, state: 'skipped', sent: 0 };
      if (!uploads.has(index)) return { digest, size, state: 'waiting', sent: 0, ...again };
      const upload = uploads.get(index);
      const isOpen = upload !== undefined && upload.nextByte < size;
      const sent = isOpen ? furthest(upload, await noted(digest)) : (upload?.nextByte ?? 0);
      return { digest, size, state: 'sending', sent: Math.min(sent, size), ...again };
    }),
  );
}

/** First byte that ECR has not acknowledged, by a state and by what was noted since then about the same upload. */
export function furthest(upload: UploadProgress, noted: UploadProgress | undefined): number {
  return noted?.uploadId === upload.uploadId ? Math.max(upload.nextByte, noted.nextByte) : upload.nextByte;
}

interface LayersSoFar {
  readonly missing: ReadonlySet<number>;
  readonly done: ReadonlySet<number>;
  /** Of each layer that some state was about; undefined where its upload is to begin. */
  readonly uploads: ReadonlyMap<number, UploadProgress | undefined>;
  readonly restarts: ReadonlyMap<number, number>;
}

async function layersIn(outputs: AsyncIterable<unknown>, uploadsKey: string): Promise<LayersSoFar> {
  const done = new Set<number>();
  const uploads = new Map<number, UploadProgress | undefined>();
  const restarts = new Map<number, number>();
  for await (const output of outputs) {
    const { data: state = {} } = StateOutput.safeParse(output);
    for (const one of [state, ...(state.layers ?? [])]) {
      if (one.index !== undefined && one.restarts && !restarts.has(one.index)) restarts.set(one.index, one.restarts);
    }
    const missing = state.uploads?.key === uploadsKey ? state.missing?.flatMap(indexesOf) : undefined;
    // What was sent before, and is missing again, is to be sent again.
    for (const { index } of state.layers ?? []) if (!missing?.includes(index)) done.add(index);
    if (state.index !== undefined && state.available) done.add(state.index);
    if (state.index !== undefined && !uploads.has(state.index)) uploads.set(state.index, state.upload);
    const left = [...(state.left ?? []), ...((missing && state.missing) ?? [])];
    for (const { index, upload } of left.flatMap(sentOf)) if (!uploads.has(index)) uploads.set(index, upload);
    if (missing) return { missing: new Set(missing), done, uploads, restarts };
  }
  return { missing: new Set(), done, uploads, restarts };
}

type Missing = NonNullable<StateOutput['missing']>[number];

function indexesOf(missing: Missing): number[] {
  return 'pack' in missing ? missing.pack : [missing.index];
}

/** What is on its way of it. */
function sentOf(missing: Missing): { index: number; upload: UploadProgress }[] {
  if ('pack' in missing) return missing.sent ?? [];
  const { index, upload } = missing;
  return upload ? [{ index, upload }] : [];
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
