import * as z from 'zod';
import { Pointer } from '../../lambda/contract/steps';
import type { PushEvent } from './follow-push';
import type { LayerProgress, PushDocuments } from './layer-progress';

const ToCompress = z.object({ plan: Pointer, plainLayers: z.array(z.number()) });
const Begun = z.object({ index: z.number() });
const Ended = z.object({ plainLayer: z.number() });

/** The plain layers of an image, as they are compressed before the layers that come of them are known. */
export class CompressedLayers {
  readonly #layers = new Map<number, LayerProgress>();

  constructor(private readonly documents: Pick<PushDocuments, 'plainLayers' | 'compressed'>) {}

  /** In the order of the push plan. */
  get all(): readonly LayerProgress[] {
    return [...this.#layers.values()];
  }

  /** Takes an event in; gives the layers that it changed. */
  async take(event: Exclude<PushEvent, { kind: 'ended' }>): Promise<readonly LayerProgress[]> {
    if (event.kind === 'entered') {
      if (event.state === 'StageLayers') return this.#planned(ToCompress.safeParse(event.input).data);
      return this.#change(Begun.safeParse(event.input).data?.index, () => ({ state: 'compressing' }));
    }
    return this.#change(Ended.safeParse(event.output).data?.plainLayer, ({ size }) => ({
      state: 'compressed',
      stored: size,
    }));
  }

  /** Looks at what running invocations have noted; gives the layers that it changed. */
  async look(): Promise<readonly LayerProgress[]> {
    const open = [...this.#layers].filter(([, { state }]) => state === 'compressing');
    const changed = await Promise.all(
      open.map(async ([index, { digest, size, stored }]) => {
        const compressed = Math.min((await this.documents.compressed(digest)) ?? 0, size);
        return compressed > stored ? this.#change(index, () => ({ stored: compressed })) : [];
      }),
    );
    return changed.flat();
  }

  async #planned(input: z.infer<typeof ToCompress> | undefined): Promise<readonly LayerProgress[]> {
    this.#layers.clear();
    if (!input || input.plainLayers.length === 0) return [];
    const plain = await this.documents.plainLayers(input.plan);
    for (const index of input.plainLayers) {
      const { diffId: digest, size } = plain[index] ?? {};
      if (digest === undefined || size === undefined) continue;
      this.#layers.set(index, { digest, repository: '', size, state: 'waiting', stored: 0, restarts: 0 });
    }
    return this.all;
  }

  #change(index: number | undefined, by: (layer: LayerProgress) => Partial<LayerProgress>): LayerProgress[] {
    const layer = index === undefined ? undefined : this.#layers.get(index);
    if (index === undefined || !layer) return [];
    const changed = { ...layer, ...by(layer) };
    this.#layers.set(index, changed);
    return [changed];
  }
}
