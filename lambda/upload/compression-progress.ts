import type { PlainLayerProgress } from '../contract/push-api';
import type { PushPlan } from '../contract/push-plan';
import { type StateEvent, StateOutput } from '../contract/state-output';
import type { CompressionProgress } from '../contract/upload-progress';
import { plainLayersOf } from './resolve-plan';

/**
 * Progress of the plain layers of an image, while they are compressed.
 * @param events what states did, newest first; read back to where the layers of this image began
 * @param noted what an invocation that runs now has left about a layer, by its diffId
 */
export async function compressionProgress(
  plan: PushPlan,
  image: number,
  events: AsyncIterable<StateEvent>,
  noted: (diffId: string) => Promise<CompressionProgress | undefined>,
): Promise<PlainLayerProgress[]> {
  const planned = plan.images[image];
  if (!planned) return [];
  const done = await compressedIn(events);
  return Promise.all(
    plainLayersOf(plan, planned).map(async (index) => {
      const { diffId = '', size = 0 } = plan.plainLayers[index] ?? {};
      const { compressed = 0 } = (done.has(index) ? { compressed: size } : await noted(diffId)) ?? {};
      return { diffId, size, compressed: Math.min(compressed, size) };
    }),
  );
}

async function compressedIn(events: AsyncIterable<StateEvent>): Promise<ReadonlySet<number>> {
  const done = new Set<number>();
  for await (const event of events) {
    if ('entered' in event) {
      if (event.entered === 'StageLayers') break;
      continue;
    }
    const { plainLayer } = StateOutput.safeParse(event.output).data ?? {};
    if (plainLayer !== undefined) done.add(plainLayer);
  }
  return done;
}
