import { PushLayers } from '../../cli/follow/layer-progress';

const uploads = { bucket: 'work', key: 'pushes/e/uploads-0.json' };
const SIZE = 1000;

const none = async () => undefined;

function layersOf(count: number, noted: Record<string, unknown> = {}): PushLayers {
  const layers = Array.from({ length: count }, (_, at) => ({
    digest: `sha256:${String(at).repeat(64)}`,
    repository: 'team-a/app',
    size: SIZE,
  }));
  return new PushLayers({
    plan: async () => ({ layers }) as never,
    plainLayers: async () => [],
    noted: async (digest) => noted[digest] as never,
    compressed: none,
  });
}

const entered = (state: string, input: unknown) => ({ kind: 'entered' as const, state, input });
const exited = (state: string, output: unknown) => ({ kind: 'exited' as const, state, output });
const states = (layers: PushLayers) => layers.all.map(({ state, stored, restarts }) => [state, stored, restarts]);

test('a layer goes from waiting by checked, sent in part, lost and begun again to sent', async () => {
  const layers = layersOf(2);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ index: 1 }] }));
  expect(states(layers)).toEqual([
    ['there', SIZE, 0],
    ['waiting', 0, 0],
  ]);
  await layers.take(entered('VerifyPack', { uploads, pack: [1] }));
  expect(layers.all[1]?.state).toBe('checking');
  await layers.take(entered('UploadLayerParts', { index: 1 }));
  const state = { index: 1, bytesSent: 400, restarts: 0, uploads, upload: { uploadId: 'u', nextByte: 400 } };
  const [changed] = await layers.take(exited('UploadLayerParts', state));
  expect(changed).toMatchObject({ state: 'sending', stored: 400 });
  await layers.take(exited('RestartLayerUpload', { ...state, restarts: 1, lost: 'UploadNotFound' }));
  expect(layers.all[1]).toMatchObject({ state: 'waiting', stored: 0, restarts: 1, lost: 'UploadNotFound' });
  await layers.take(entered('InitiateLayerUpload', state));
  await layers.take(exited('CompleteLayerUpload', { ...state, restarts: 1, available: true }));
  expect(layers.all[1]).toMatchObject({ state: 'sent', stored: SIZE, restarts: 1 });
});

test('a layer that is compressed again for an upload says so, and is sent then', async () => {
  const layers = layersOf(1);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ pack: [0] }] }));
  const state = { index: 0, bytesSent: 400, restarts: 1, uploads, lost: 'UploadNotFound' };
  await layers.take(exited('RestartLayerUpload', state));
  await layers.take(entered('RestageLayer', state));
  expect(states(layers)).toEqual([['compressing', 0, 1]]);
  await layers.take(exited('RestageLayer', { ...state, from: {} }));
  await layers.take(entered('InitiateLayerUpload', state));
  expect(states(layers)).toEqual([['sending', 0, 1]]);
});

test('layers that share an invocation are sent together, and what it leaves goes on alone', async () => {
  const layers = layersOf(3);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ pack: [0, 1] }, { index: 2 }] }));
  await layers.take(entered('UploadSmallLayers', { uploads, pack: [0, 1] }));
  expect(layers.all.map(({ state }) => state)).toEqual(['sending', 'sending', 'waiting']);
  const left = [{ index: 1, bytesSent: 10, restarts: 0, lost: 'UploadNotFound' }];
  await layers.take(exited('UploadSmallLayers', { layers: [{ index: 0, bytesSent: SIZE, restarts: 0 }], left }));
  expect(layers.all.map(({ state }) => state)).toEqual(['sent', 'waiting', 'waiting']);
});

test('what is held has all of its bytes, and is sent when the next round has completed it', async () => {
  const layers = layersOf(3);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ index: 2 }, { pack: [0, 1] }] }));
  for (const state of ['UploadSmallLayers', 'UploadLayerParts']) {
    await layers.take(entered(state, state === 'UploadLayerParts' ? { index: 2 } : { uploads, pack: [0, 1] }));
  }
  const of = (index: number) => ({ index, bytesSent: SIZE, restarts: 0, upload: { uploadId: 'u', nextByte: SIZE } });
  const pack = { pack: [0, 1], sent: [of(0), of(1)], allSent: true };
  await layers.take(exited('UploadSmallLayers', { layers: [], left: [pack] }));
  await layers.take(exited('LayerHeld', { left: [{ ...of(2), allSent: true }] }));
  await layers.take(exited('UploadLayers', { uploads, layers: [], missing: [pack, of(2)] }));
  expect(layers.all.map(({ state, stored }) => [state, stored])).toEqual(Array(3).fill(['waiting', SIZE]));
  await layers.take(entered('UploadSmallLayers', { uploads, ...pack }));
  await layers.take(exited('UploadSmallLayers', { layers: [of(0), of(1)], left: [] }));
  await layers.take(exited('LayerDone', { layers: [of(2)] }));
  expect(layers.all.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
});

test('events that say nothing of layers change nothing', async () => {
  const layers = layersOf(1);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ index: 0 }] }));
  expect(await layers.take(entered('PutImage', { index: 'none' }))).toEqual([]);
  expect(await layers.take(exited('PutImage', { image: 0, pushed: true }))).toEqual([]);
  expect(await layers.take(exited('InspectTarball', undefined))).toEqual([]);
});

test('a layer grows while its invocation runs, by what is noted about this very upload', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const noted = { [digest]: { uploadId: 'first', nextByte: 600 } as object };
  const layers = layersOf(1, noted);
  await layers.take(exited('FindMissingLayers', { uploads, missing: [{ index: 0 }] }));
  const state = { index: 0, bytesSent: 0, restarts: 0, uploads };
  await layers.take(entered('InitiateLayerUpload', state));
  expect(await layers.look()).toEqual([]);
  await layers.take(exited('InitiateLayerUpload', { ...state, upload: { uploadId: 'first', nextByte: 0 } }));
  expect(await layers.look()).toMatchObject([{ state: 'sending', stored: 600 }]);
  expect(await layers.look()).toEqual([]);
  noted[digest] = { uploadId: 'first', nextByte: 500 };
  expect(await layers.look()).toEqual([]);

  await layers.take(exited('RestartLayerUpload', { ...state, restarts: 1, lost: 'UploadNotFound' }));
  await layers.take(entered('InitiateLayerUpload', state));
  await layers.take(exited('InitiateLayerUpload', { ...state, upload: { uploadId: 'second', nextByte: 0 } }));
  expect(await layers.look()).toEqual([]);
  expect(layers.all[0]).toMatchObject({ state: 'sending', stored: 0 });
});
