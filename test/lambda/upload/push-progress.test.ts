import type { FailedImage, PushedImage } from '../../../lambda/contract/image-outcome';
import type { PushPlan } from '../../../lambda/contract/push-plan';
import type { UploadPlan } from '../../../lambda/contract/upload-plan';
import { imagesProgress, layersProgress } from '../../../lambda/upload/push-progress';

const KEY = 'pushes/x/uploads-0.json';

const uploadPlan = (...sizes: number[]) =>
  ({ layers: sizes.map((size, index) => ({ digest: `sha256:${index}`, size })) }) as unknown as UploadPlan;

const none = async () => undefined;

async function* newestFirst(...outputs: unknown[]) {
  yield* outputs;
}

const found = (...missing: (number | object)[]) => ({
  uploads: { bucket: 'b', key: KEY },
  missing: missing.map((one) => (typeof one === 'number' ? { index: one } : one)),
  layers: [],
});
const layer = (index: number, fields: object = {}) => ({ uploads: { bucket: 'b', key: KEY }, index, ...fields });

test('a layer waits, is on its way, is done, or was there before', async () => {
  const outputs = newestFirst(
    layer(2, { upload: { uploadId: 'u', nextByte: 20 } }),
    layer(1, { available: true }),
    layer(2, { upload: { uploadId: 'u', nextByte: 10 } }),
    layer(1, { upload: { uploadId: 'u', nextByte: 30 } }),
    found(1, 2, 3),
  );
  expect(await layersProgress(uploadPlan(30, 30, 30, 30), KEY, outputs, none)).toEqual([
    { digest: 'sha256:0', size: 30, state: 'skipped', sent: 0 },
    { digest: 'sha256:1', size: 30, state: 'done', sent: 30 },
    { digest: 'sha256:2', size: 30, state: 'sending', sent: 20 },
    { digest: 'sha256:3', size: 30, state: 'waiting', sent: 0 },
  ]);
});

test('an upload that begins again has sent nothing yet', async () => {
  const outputs = newestFirst(
    layer(0, { restarts: 1 }),
    layer(0, { upload: { uploadId: 'u', nextByte: 10 } }),
    found(0),
  );
  expect(await layersProgress(uploadPlan(30), KEY, outputs, none)).toMatchObject([
    { state: 'sending', sent: 0, restarts: 1 },
  ]);
});

test('a layer tells how often it was begun again, on its own or in a pack', async () => {
  const outputs = newestFirst(
    layer(0, { restarts: 2, available: true }),
    layer(0, { restarts: 1 }),
    {
      layers: [
        { index: 1, restarts: 1 },
        { index: 2, restarts: 0 },
      ],
    },
    found(0, { pack: [1, 2] }),
  );
  const layers = await layersProgress(uploadPlan(1, 1, 1), KEY, outputs, none);
  expect(layers.map(({ restarts }) => restarts)).toEqual([2, 1, undefined]);
});

test('what a running invocation noted counts for the upload it is about, and no other', async () => {
  const noted = (uploadId: string) => async (digest: string) =>
    digest === 'sha256:0' ? { uploadId, nextByte: 25 } : undefined;
  const outputs = () => newestFirst(layer(0, { upload: { uploadId: 'u', nextByte: 10 } }), found(0, 1));
  const [same] = await layersProgress(uploadPlan(30, 30), KEY, outputs(), noted('u'));
  expect(same).toMatchObject({ state: 'sending', sent: 25 });
  const [other] = await layersProgress(uploadPlan(30, 30), KEY, outputs(), noted('before'));
  expect(other).toMatchObject({ state: 'sending', sent: 10 });
});

test('layers that share an invocation are done together', async () => {
  const outputs = newestFirst({ layers: [{ index: 0 }, { index: 1 }] }, found({ pack: [0, 1] }, { index: 2 }));
  const states = (await layersProgress(uploadPlan(1, 1, 1), KEY, outputs, none)).map(({ state }) => state);
  expect(states).toEqual(['done', 'done', 'waiting']);
});

test('what one round has sent is done, and not there before, while the next round sends what it left', async () => {
  const left = { uploads: { bucket: 'b', key: KEY }, missing: [{ index: 1 }], layers: [{ index: 0 }, { index: 2 }] };
  const outputs = newestFirst(layer(1, { restarts: 1 }), left, found({ pack: [0, 1, 2] }));
  const states = (await layersProgress(uploadPlan(1, 1, 1, 1), KEY, outputs, none)).map(({ state }) => state);
  expect(states).toEqual(['done', 'sending', 'done', 'skipped']);
});

test('what is held was sent, also while others are being completed', async () => {
  const upload = { uploadId: 'u', nextByte: 30 };
  const pack = { pack: [1, 2], sent: [1, 2].map((index) => ({ index, upload })) };
  const sizes = [30, 30, 30, 30];
  const sentOf = async (...outputs: unknown[]) => {
    const layers = await layersProgress(uploadPlan(...sizes), KEY, newestFirst(...outputs), none);
    return layers.map(({ state, sent }) => [state, sent]);
  };
  const sent = ['sending', 30];
  const first = found(0, { pack: [1, 2] }, 3);
  expect(await sentOf({ left: [pack] }, first)).toEqual([['waiting', 0], sent, sent, ['waiting', 0]]);
  const held = { ...found({ index: 0, upload }, pack, { index: 3, upload }), layers: [] };
  expect(await sentOf(held, first)).toEqual([sent, sent, sent, sent]);
  expect(await sentOf(layer(0, { available: true, upload }), held, first)).toEqual([['done', 30], sent, sent, sent]);
});

test('what was sent, and ECR has not any more, is to be sent again', async () => {
  const outputs = newestFirst({ ...found(0), layers: [{ index: 0 }, { index: 1 }] });
  const states = (await layersProgress(uploadPlan(1, 1), KEY, outputs, none)).map(({ state }) => state);
  expect(states).toEqual(['waiting', 'done']);
});

test('what states put out before the missing layers were found is not read', async () => {
  async function* outputs() {
    yield found(0);
    throw new Error('read too far');
  }
  expect(await layersProgress(uploadPlan(1), KEY, outputs(), none)).toMatchObject([{ state: 'waiting' }]);
});

describe('images', () => {
  const image = (name: string) => ({ name, repository: name, tags: ['1'] });
  const plan = { images: ['a', 'b', 'c'].map(image) } as unknown as PushPlan;
  const pushed = (name: string, layers = 1) =>
    ({
      ...image(name),
      outcome: 'pushed',
      digest: 'sha256:d',
      layers: Array.from({ length: layers }, () => ({ digest: 'sha256:l', size: 5, skipped: false })),
    }) as unknown as PushedImage;
  const failed = { ...image('z'), outcome: 'failed', diagnosis: { code: 'BlobMissing' } } as unknown as FailedImage;

  test('go one after another: the first without an outcome is under way', () => {
    const state = { plan, outcomes: [pushed('a')], setAside: [failed], ended: false, layers: [] };
    expect(imagesProgress(state).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'a pushed',
      'b pushing',
      'c waiting',
      'z failed',
    ]);
  });

  test('that an ended push did not come to are unpushed', () => {
    const state = { plan, outcomes: [pushed('a')], setAside: [], ended: true };
    expect(imagesProgress(state).map(({ state }) => state)).toEqual(['pushed', 'unpushed', 'unpushed']);
  });

  test('of more than a thousand layers are told without them', () => {
    const state = { plan, outcomes: [pushed('a', 600), pushed('b', 401)], setAside: [], ended: true };
    expect(imagesProgress(state).map(({ layers }) => layers)).toEqual([undefined, undefined, undefined]);
    const few = { ...state, outcomes: [pushed('a', 600), pushed('b', 400)] };
    expect(imagesProgress(few)[0]?.layers).toHaveLength(600);
  });
});
