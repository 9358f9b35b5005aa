import type { PlannedLayer } from '../contract/upload-plan';
import type { PackedLayers } from './pack-layers';
import { USUAL_PART_SIZE } from './part-plan';
import { HASHED_AT_ONCE } from './verify-layer';

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
  // SendNotice with it, of which the history knows nothing.
  push: { transitions: 6, events: 25, invocations: 4 },
  image: { transitions: 6, events: 26, invocations: 2 },
  plainLayer: { transitions: 1, events: 7, invocations: 1 },
  unverified: { transitions: 1, events: 7, invocations: 1 },
  pack: { transitions: 2, events: 9, invocations: 1 },
  alone: { transitions: 7, events: 25, invocations: 3 },
  again: { transitions: 2, events: 7, invocations: 1 },
  // What is held, on top: a second round of the map, and its way through it.
  held: { transitions: 2, events: 6, invocations: 0 },
  heldPack: { transitions: 2, events: 9, invocations: 1 },
  heldAlone: { transitions: 3, events: 8, invocations: 0 },
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
    [TAKES.held, packed.hold ? 1 : 0],
    [TAKES.heldPack, packed.hold ? packed.packs.length : 0],
    [TAKES.heldAlone, packed.hold ? packed.alone.length : 0],
  ]);
  const sum = (name: keyof WorkflowCounts) =>
    all.reduce<number>((total, [takes, times]) => total + takes[name] * times, TAKES.push[name]);
  return { transitions: sum('transitions'), events: sum('events'), invocations: sum('invocations') };
}

/** A layer that is sent. */
export type CountedLayer = Pick<PlannedLayer, 'size' | 'verify'>;

/** GETs and PUTs of S3 that a push takes: documents, the headers of the tarball, and the bytes of layers. */
export function s3CallsOf({
  invocations,
  images,
  layers,
}: {
  readonly invocations: number;
  readonly images: number;
  readonly layers: readonly CountedLayer[];
}): { reads: number; writes: number } {
  const ofLayers = layers.reduce((sum, layer) => sum + readsOf(layer), 0);
  // A plan, a receipt, and that its end was told of, claimed and recorded; an upload plan and an outcome of each image.
  return { reads: invocations + 6 + ofLayers, writes: 4 + 2 * images };
}

function readsOf({ size, verify }: CountedLayer): number {
  const header = 1;
  return header + Math.ceil(size / USUAL_PART_SIZE) + (verify === 'first' ? Math.ceil(size / HASHED_AT_ONCE) : 0);
}

/** GB of memory of the functions that read and send layers. */
export const MOVING_GIGABYTES = 0.5;

/** Of the 15 minutes of a function, less what a part may need. */
export const SENDING_SECONDS = 700;
