import { PushLayers } from '../../cli/follow/layer-progress';

const plan = { bucket: 'work', key: 'pushes/e/plan.json' };
const uploads = { bucket: 'work', key: 'pushes/e/uploads-0.json' };
const plain = [
  { diffId: 'sha256:aa', size: 3000 },
  { diffId: 'sha256:bb', size: 2000 },
  { diffId: 'sha256:cc', size: 1000 },
];

const entered = (state: string, input: unknown) => ({ kind: 'entered' as const, state, input });
const exited = (state: string, output: unknown) => ({ kind: 'exited' as const, state, output });
const shown = (layers: PushLayers) => layers.all.map(({ digest, state, stored }) => [digest, state, stored]);

function follow(notes: Record<string, number> = {}): PushLayers {
  return new PushLayers({
    plan: async () => ({ layers: [{ digest: 'sha256:dd', repository: 'team-a/app', size: 900 }] }) as never,
    plainLayers: async () => plain,
    noted: async () => undefined,
    compressed: async (diffId) => notes[diffId],
  });
}

test('the plain layers of an image are shown while they are compressed, and then the layers that came of them', async () => {
  const notes: Record<string, number> = {};
  const layers = follow(notes);
  await layers.take(entered('StageLayers', { plan, image: 0, plainLayers: [0, 2] }));
  expect(shown(layers)).toEqual([
    ['sha256:aa', 'waiting', 0],
    ['sha256:cc', 'waiting', 0],
  ]);
  await layers.take(entered('StageLayer', { plan, image: 0, index: 0 }));
  await layers.take(entered('StageLayer', { plan, image: 0, index: 2 }));
  notes['sha256:aa'] = 1200;
  expect(await layers.look()).toMatchObject([{ digest: 'sha256:aa', state: 'compressing', stored: 1200 }]);
  expect(await layers.look()).toEqual([]);
  await layers.take(exited('StageLayer', { plainLayer: 2, compressed: 1000 }));
  expect(shown(layers)).toEqual([
    ['sha256:aa', 'compressing', 1200],
    ['sha256:cc', 'compressed', 1000],
  ]);
  await layers.take(exited('StageLayer', { plainLayer: 0, compressed: 3000, begun: { index: 0 } }));
  await layers.take(exited('StageLayers', { plan, begun: [{ index: 0 }] }));
  expect(shown(layers).map(([, state]) => state)).toEqual(['compressed', 'compressed']);
  const sent = [{ index: 0, bytesSent: 900, restarts: 0, upload: { uploadId: 'u', nextByte: 900 } }];
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ pack: [0], sent, allSent: true }] }));
  expect(shown(layers)).toEqual([['sha256:dd', 'waiting', 900]]);
});

test('the next image begins with plain layers of its own, or with none', async () => {
  const layers = follow();
  await layers.take(entered('StageLayers', { plan, image: 0, plainLayers: [0] }));
  await layers.take(exited('FindMissingLayers', { uploads, missing: [] }));
  await layers.take(entered('StageLayers', { plan, image: 1, plainLayers: [1] }));
  expect(shown(layers)).toEqual([['sha256:bb', 'waiting', 0]]);
  await layers.take(entered('StageLayers', { plan, image: 2, plainLayers: [] }));
  expect(shown(layers)).toEqual([]);
});

test('a note of more than the layer has, or of less than before, is not believed', async () => {
  const notes: Record<string, number> = { 'sha256:bb': 5000 };
  const layers = follow(notes);
  await layers.take(entered('StageLayers', { plan, image: 0, plainLayers: [1] }));
  expect(await layers.look()).toEqual([]);
  await layers.take(entered('StageLayer', { plan, image: 0, index: 1 }));
  expect(await layers.look()).toMatchObject([{ stored: 2000 }]);
  notes['sha256:bb'] = 10;
  expect(await layers.look()).toEqual([]);
});
