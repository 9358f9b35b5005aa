import { USUAL_PART_SIZE } from './part-plan';

// What a small function holds easily: a part that is sent and one that is read ahead, of two layers.
const ROOM = 4 * USUAL_PART_SIZE;
const MOST_OF_ONE = 2 * USUAL_PART_SIZE;
const MOST_LAYERS = 8;

/**
 * Results of `work` on each layer, in their order, a few at a time: as many as the parts that they hold have room for.
 * After a failure no other one begins; it is thrown when those under way have ended.
 */
export async function sideBySide<Layer extends { readonly size: number }, Result>(
  layers: readonly Layer[],
  work: (layer: Layer) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<Layer, Result>();
  const failures: unknown[] = [];
  const underway = new Set<Promise<void>>();
  let used = 0;
  const begin = (layer: Layer) => {
    used += held(layer);
    const end = work(layer)
      .then((result) => void results.set(layer, result))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        used -= held(layer);
        underway.delete(end);
      });
    underway.add(end);
  };
  for (const layer of layers) {
    while (underway.size === MOST_LAYERS || used + held(layer) > ROOM) await Promise.race(underway);
    if (failures.length > 0) break;
    begin(layer);
  }
  await Promise.all(underway);
  if (failures.length > 0) throw failures[0];
  return layers.map((layer) => results.get(layer) as Result);
}

function held({ size }: { readonly size: number }): number {
  return Math.min(size, MOST_OF_ONE);
}
