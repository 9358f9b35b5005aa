import type { PackedLayers } from './pack-layers';
import { USUAL_PART_SIZE } from './part-plan';

/** What a push takes of what Step Functions and Lambda count, where nothing goes wrong. */
export interface WorkflowCounts {
  /** States entered. */
  readonly transitions: number;
  /** Of the history. */
  readonly events: number;
  readonly invocations: number;
}

/** One image of a push, as far as the states that it goes through depend on it. */
export interface CountedImage {
  /** Layers that are compressed first, or were before. */
  readonly plainLayers: number;
  readonly packed: PackedLayers;
  /** Invocations of UploadLayerParts beyond the first of each layer. @default 0 */
  readonly again?: number;
}

/**
 * What each thing takes: a push, an image that has nothing to do, and an item of each map. These are counts of the state
 * machine as it is; tests hold them against pushes that were made.
 */
export const TAKES = {
  push: { transitions: 6, events: 23, invocations: 3 },
  image: { transitions: 6, events: 28, invocations: 2 },
  plainLayer: { transitions: 1, events: 7, invocations: 1 },
  unverified: { transitions: 1, events: 7, invocations: 1 },
  pack: { transitions: 2, events: 9, invocations: 1 },
  alone: { transitions: 7, events: 25, invocations: 3 },
  again: { transitions: 2, events: 7, invocations: 1 },
} as const satisfies Readonly<Record<string, WorkflowCounts>>;

/** What a push of these images takes. */
export function countsOf(images: readonly CountedImage[]): WorkflowCounts {
  const all = images.flatMap(({ plainLayers, packed, again = 0 }): [WorkflowCounts, number][] => [
    [TAKES.image, 1],
    [TAKES.plainLayer, plainLayers],
    [TAKES.unverified, packed.unverified.length],
    [TAKES.pack, packed.packs.length],
    [TAKES.alone, packed.alone.length],
    [TAKES.again, again],
  ]);
  const sum = (name: keyof WorkflowCounts) =>
    all.reduce<number>((total, [takes, times]) => total + takes[name] * times, TAKES.push[name]);
  return { transitions: sum('transitions'), events: sum('events'), invocations: sum('invocations') };
}

const READ_WINDOW = 8 * 1024 ** 2;

/** GETs of S3 for a layer of so many bytes that is read through and compared with its digest, and then sent. */
export function readsToSend(size: number): number {
  return Math.ceil(size / USUAL_PART_SIZE) + Math.ceil(size / READ_WINDOW);
}
