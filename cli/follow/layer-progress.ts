import * as z from 'zod';
import type { PlainLayer } from '../../lambda/contract/push-plan';
import { Pointer } from '../../lambda/contract/steps';
import type { UploadPlan } from '../../lambda/contract/upload-plan';
import type { UploadProgress } from '../../lambda/contract/upload-progress';
import { furthest } from '../../lambda/upload/push-progress';
import { CompressedLayers } from './compressed-layers';
import type { PushEvent } from './follow-push';

/** One layer of the image that is pushed just now. */
export interface LayerProgress {
  /** The diffId, while it is compressed. */
  readonly digest: string;
  readonly repository: string;
  /** Bytes. */
  readonly size: number;
  readonly state: 'compressing' | 'compressed' | 'there' | 'waiting' | 'checking' | 'sending' | 'sent';
  /** Bytes that ECR has acknowledged, or that are compressed. */
  readonly stored: number;
  readonly restarts: number;
  /** Why it was begun again the last time. */
  readonly lost?: string;
}

const Found = z.object({ uploads: Pointer, missing: z.array(z.unknown()) });
const One = z.object({
  index: z.number(),
  restarts: z.number().default(0),
  upload: z.object({ uploadId: z.string(), nextByte: z.number() }).optional(),
  available: z.boolean().optional(),
  lost: z.string().optional(),
});
/** What goes round once more: a layer, or what a pack has sent and not completed yet. */
const Left = z.union([
  z.object({ sent: z.array(One) }).transform(({ sent }) => sent),
  One.transform((layer) => [layer]),
]);
const Several = z
  .object({ layers: z.array(One).default([]), left: z.array(Left).optional() })
  .refine(({ layers, left }) => layers.length > 0 || left !== undefined);
const Named = z.union([
  z.object({ pack: z.array(z.number()) }).transform(({ pack }) => pack),
  z.object({ index: z.number() }).transform(({ index }) => [index]),
]);

/** What a push leaves in the work bucket while it runs. */
export interface PushDocuments {
  /** The upload plan that a pointer names. */
  readonly plan: (pointer: Pointer) => Promise<UploadPlan>;
  /** The plain layers of the push plan that a pointer names. */
  readonly plainLayers: (pointer: Pointer) => Promise<readonly Pick<PlainLayer, 'diffId' | 'size'>[]>;
  /** What was noted last about the upload of a layer, where anything was. */
  readonly noted: (digest: string) => Promise<UploadProgress | undefined>;
  /** Bytes of a plain layer that were compressed when they were noted last, where they were. */
  readonly compressed: (diffId: string) => Promise<number | undefined>;
}

/**
 * The layers of a push as its history tells of them. It goes by what the states pass on, more than by their names: a
 * layer has an `index` into the upload plan, or shares an invocation with the others of its `pack`.
 */
export class PushLayers {
  #layers: LayerProgress[] = [];
  /** Open uploads, by the index of their layer. */
  readonly #uploads = new Map<number, UploadProgress>();
  readonly #plain: CompressedLayers;

  constructor(private readonly documents: PushDocuments) {
    this.#plain = new CompressedLayers(documents);
  }

  /** All layers of the image; until they are known, the plain ones that are compressed. */
  get all(): readonly LayerProgress[] {
    return this.#layers.length > 0 ? this.#layers : this.#plain.all;
  }

  /** Takes an event in; gives the layers that it changed. */
  async take(event: Exclude<PushEvent, { kind: 'ended' }>): Promise<readonly LayerProgress[]> {
    // Another image begins.
    if (event.state === 'StageLayers' && event.kind === 'entered') this.#layers = [];
    if (event.state.startsWith('StageLayer')) return this.#plain.take(event);
    if (event.kind === 'entered') return this.#begun(event.state, event.input);
    const found = event.state === 'FindMissingLayers' ? Found.safeParse(event.output) : undefined;
    if (found?.success) return this.#found(found.data);
    if (event.state === 'UploadLayers') return this.#ended();
    const several = Several.safeParse(event.output);
    if (several.success) return this.#several(several.data);
    const one = One.safeParse(event.output);
    return one.success ? this.#one(event.state, one.data) : [];
  }

  /** Looks at what running invocations have noted; gives the layers that it changed. */
  async look(): Promise<readonly LayerProgress[]> {
    if (this.#layers.length === 0) return this.#plain.look();
    const open = [...this.#uploads].filter(([index]) => this.#layers[index]?.state === 'sending');
    const changed = await Promise.all(
      open.map(async ([index, upload]) => {
        const { digest = '', size = 0, stored = 0 } = this.#layers[index] ?? {};
        if (stored >= size) return [];
        const nextByte = Math.max(stored, furthest(upload, await this.documents.noted(digest)));
        return this.#change(index, { stored: Math.min(nextByte, size) });
      }),
    );
    return changed.flat();
  }

  async #found({ uploads, missing }: z.infer<typeof Found>): Promise<readonly LayerProgress[]> {
    const { layers } = await this.documents.plan(uploads);
    this.#uploads.clear();
    // What was sent while it was compressed.
    for (const { index, upload } of missing.flatMap(begunIn)) if (upload) this.#uploads.set(index, upload);
    const lacking = new Set(missing.flatMap(namedBy));
    this.#layers = layers.map(({ digest, repository, size }, index) => {
      const isMissing = lacking.has(index);
      return {
        digest,
        repository,
        size,
        state: isMissing ? 'waiting' : 'there',
        stored: isMissing ? Math.min(this.#uploads.get(index)?.nextByte ?? 0, size) : size,
        restarts: 0,
      };
    });
    return this.#layers;
  }

  #begun(state: string, input: unknown): readonly LayerProgress[] {
    const isCheck = state.startsWith('Verify');
    const isCompressed = state === 'RestageLayer';
    if (!isCheck && !isCompressed && !state.includes('Upload')) return [];
    return namedBy(input).flatMap((index) => {
      const layer = this.#layers[index];
      if (!layer || layer.state === 'sent' || layer.state === 'there') return [];
      return this.#change(index, { state: isCheck ? 'checking' : isCompressed ? 'compressing' : 'sending' });
    });
  }

  #one(state: string, { index, restarts, upload, available, lost }: z.infer<typeof One>): readonly LayerProgress[] {
    const size = this.#layers[index]?.size ?? 0;
    if (upload) this.#uploads.set(index, upload);
    else this.#uploads.delete(index);
    if (available || state === 'LayerDone') return this.#change(index, { state: 'sent', stored: size, restarts });
    if (state.startsWith('Restart'))
      return this.#change(index, { state: 'waiting', stored: 0, restarts, ...(lost ? { lost } : {}) });
    return upload ? this.#change(index, { stored: Math.min(upload.nextByte, size) }) : [];
  }

  #several({ layers, left = [] }: z.infer<typeof Several>): readonly LayerProgress[] {
    const done = layers.flatMap(({ index, restarts }) => {
      return this.#change(index, { state: 'sent', stored: this.#layers[index]?.size ?? 0, restarts });
    });
    const again = left.flat().flatMap(({ index, restarts, upload, lost }) => {
      return this.#change(index, {
        state: 'waiting',
        stored: upload?.nextByte ?? 0,
        restarts,
        ...(lost ? { lost } : {}),
      });
    });
    return [...done, ...again];
  }

  /** When the map of all layers has ended, none is on its way that was not left for another round. */
  #ended(): readonly LayerProgress[] {
    return this.#layers.flatMap((layer, index) => {
      return layer.state === 'sending' ? this.#change(index, { state: 'sent', stored: layer.size }) : [];
    });
  }

  #change(index: number, change: Partial<LayerProgress>): LayerProgress[] {
    const layer = this.#layers[index];
    if (!layer) return [];
    const changed = { ...layer, ...change };
    if (JSON.stringify(changed) === JSON.stringify(layer)) return [];
    this.#layers[index] = changed;
    return [changed];
  }
}

function begunIn(missing: unknown): z.infer<typeof Left> {
  return Left.safeParse(missing).data ?? [];
}

function namedBy(value: unknown): number[] {
  const named = Named.safeParse(value);
  return named.success ? named.data : [];
}
