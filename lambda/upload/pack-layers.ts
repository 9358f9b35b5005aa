import type { PlannedLayer } from '../contract/upload-plan';

/** A layer as the packer sees it. */
export interface PackableLayer {
  /** Index into the upload plan's layers. */
  readonly index: number;
  /** Bytes. */
  readonly size: number;
  /** How far it was sent before: `all` of it waits to be completed; the upload of `some` goes on on its own. */
  readonly sent?: 'all' | 'some' | undefined;
  /** Its bytes are yet to be copied, which is for an invocation of its own. */
  readonly toStage?: unknown;
}

/** What shares one invocation. */
export interface Packing {
  /** Bytes of the largest layer that is packed with others. */
  readonly largest: number;
  /** Most bytes of one pack. */
  readonly bytes: number;
  /** Most layers of one pack. */
  readonly layers: number;
}

/** How the layers of one image that ECR lacks share invocations. */
export interface PackedLayers {
  /** What is compared with its digests before anything is sent, large layers in packs of one. */
  readonly unverified: number[][];
  /** Small layers. */
  readonly packs: number[][];
  /** Layers that are sent in invocations of their own. */
  readonly alone: number[];
  /** None is completed before all are sent, for some are compared with their digests on the way. */
  readonly hold: boolean;
}

const MIB = 1024 ** 2;

const UPLOAD_PACKING = { bytes: 128 * MIB, layers: 100 };

// They are only read, which is faster.
const VERIFY_PACKING: Packing = { largest: 128 * MIB, bytes: 256 * MIB, layers: 100 };

/**
 * Packs what ECR lacks. The same layers give the same packs.
 * @param largest bytes of the largest layer that is sent together with others
 */
export function packMissing(
  missing: readonly (PackableLayer & Pick<PlannedLayer, 'verify'>)[],
  largest: number,
): PackedLayers {
  const read = packLayers(
    missing.filter(({ verify }) => verify === 'first'),
    VERIFY_PACKING,
  );
  const { packs, alone } = packLayers(missing, { ...UPLOAD_PACKING, largest });
  return {
    unverified: [...read.alone.map((index) => [index]), ...read.packs],
    packs,
    alone,
    // Who sends all of it by itself completes nothing before.
    hold: packs.length + alone.length > 1 && missing.some(({ verify }) => verify === 'sending'),
  };
}

/** The small layers in packs, in their order, and the others, the largest first. */
export function packLayers(layers: readonly PackableLayer[], packing: Packing): { packs: number[][]; alone: number[] } {
  const isSmall = ({ size, sent, toStage }: PackableLayer) =>
    sent ? sent === 'all' : !toStage && size <= packing.largest;
  const small = layers.filter(isSmall);
  // The largest first: one that begins last would be waited for.
  const alone = layers.filter((layer) => !isSmall(layer)).sort((one, other) => other.size - one.size);
  const packs: PackableLayer[][] = [];
  for (const layer of small) {
    const last = packs.at(-1);
    if (last && fits(last, layer, packing)) last.push(layer);
    else packs.push([layer]);
  }
  return { packs: packs.map(indexes), alone: indexes(alone) };
}

function fits(pack: readonly PackableLayer[], layer: PackableLayer, { bytes, layers }: Packing): boolean {
  const toSend = [...pack, layer].filter(({ sent }) => sent !== 'all');
  return pack.length < layers && toSend.reduce((sum, { size }) => sum + size, 0) <= bytes;
}

function indexes(layers: readonly PackableLayer[]): number[] {
  return layers.map(({ index }) => index);
}
