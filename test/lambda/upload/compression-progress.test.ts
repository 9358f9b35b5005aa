import type { PushPlan } from '../../../lambda/contract/push-plan';
import { compressionProgress } from '../../../lambda/upload/compression-progress';

const plan = {
  plainLayers: [
    { diffId: 'sha256:aa', size: 3000 },
    { diffId: 'sha256:bb', size: 2000 },
    { diffId: 'sha256:cc', size: 1000 },
  ],
  images: [
    { manifests: [{ kind: 'assembled', layers: [{ diffId: 'sha256:aa' }, { digest: 'sha256:00' }] }] },
    {
      manifests: [
        { kind: 'assembled', layers: [{ diffId: 'sha256:aa' }, { diffId: 'sha256:cc' }, { diffId: 'sha256:bb' }] },
      ],
    },
    { manifests: [{ kind: 'copied', blobs: [] }] },
  ],
} as unknown as PushPlan;

type Event = { entered: string } | { output: unknown };

async function* newestFirst(...events: Event[]): AsyncGenerator<Event> {
  yield* events;
}

const notes: Record<string, number> = { 'sha256:aa': 700, 'sha256:cc': 9999 };
const noted = async (diffId: string) => {
  const compressed = notes[diffId];
  return compressed === undefined ? undefined : { compressed };
};

test('a layer is compressed, is being compressed as far as was noted, or waits', async () => {
  const events = newestFirst({ output: { plainLayer: 1, compressed: 2000 } }, { entered: 'StageLayers' });
  expect(await compressionProgress(plan, 1, events, noted)).toEqual([
    { diffId: 'sha256:aa', size: 3000, compressed: 700 },
    { diffId: 'sha256:bb', size: 2000, compressed: 2000 },
    { diffId: 'sha256:cc', size: 1000, compressed: 1000 },
  ]);
});

test('what was compressed for an image before is not looked back to', async () => {
  const events = newestFirst(
    { entered: 'StageLayer' },
    { entered: 'StageLayers' },
    { output: { plainLayer: 0, compressed: 3000 } },
  );
  expect(await compressionProgress(plan, 0, events, noted)).toEqual([
    { diffId: 'sha256:aa', size: 3000, compressed: 700 },
  ]);
});

test('an image without plain layers, or none at all, has none', async () => {
  expect(await compressionProgress(plan, 2, newestFirst(), noted)).toEqual([]);
  expect(await compressionProgress(plan, 3, newestFirst(), noted)).toEqual([]);
});
