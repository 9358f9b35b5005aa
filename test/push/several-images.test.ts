import type { Receipt } from '../../lambda/contract/receipt';
import { dockerArchive } from '../support/docker-archive-builder';
import { digestOf, layersOf } from '../support/image-parts';
import { RunningSlipway } from '../support/running-slipway';
import { file } from '../support/tar-writer';

type Image = NonNullable<NonNullable<Parameters<typeof dockerArchive>[0]>['images']>[number];

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start({
    stack: {
      drops: [
        { prefix: '', repositories: ['*'], createRepositories: { repositories: ['made/*'] } },
        { prefix: 'made/policy/', repositories: ['made/policy/a', 'made/policy/c'], createRepositories: {} },
      ],
    },
  });
});
afterAll(() => slipway.stop());

const broken = (seed: number) => ({ layers: layersOf(1, { seed }), diffIds: [digestOf(`another layer than ${seed}`)] });

test('a broken image does not spoil the others: the push fails as PartialPush, and a table says which is there', async () => {
  const { tarball } = dockerArchive({
    images: [
      { tags: ['one:1'], seed: 1 },
      { tags: ['two:2'], ...broken(2) },
      { tags: ['three:3'], seed: 3 },
    ],
  });
  const push = await slipway.drop('made/release.tar', tarball.toBuffer());
  expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'PartialPush', retryable: false } });
  expect(push.diagnosis?.evidence).toMatchObject({
    'image 0': 'pushed made/one:1',
    'image 1': expect.stringMatching(/^DiffIdMismatch made\/two:2: the layer has diffId sha256:/),
    'image 2': 'pushed made/three:3',
  });
  expect(Object.keys(await slipway.images()).sort()).toEqual(['made/one:1', 'made/three:3']);
});

describe('a fault that is found at inspection sets one of three images aside', () => {
  const three = (second: Image) => ({ images: [{ tags: ['a:1'], seed: 31 }, second, { tags: ['c:3'], seed: 33 }] });
  const expectAside = async (folder: string, bytes: Uint8Array, failed: RegExp) => {
    const push = await slipway.drop(`made/${folder}/release.tar`, bytes);
    expect(push).toMatchObject({ status: 'FAILED', diagnosis: { code: 'PartialPush', retryable: false } });
    expect(push.diagnosis?.evidence).toMatchObject({
      'image 0': `pushed made/${folder}/a:1`,
      'image 1': `pushed made/${folder}/c:3`,
      'image 2': expect.stringMatching(failed),
    });
    const { images } = (await slipway.document(push, 'receipt')) as Receipt;
    const [code] = /^\w+/.exec(push.diagnosis?.evidence['image 2'] ?? '') ?? [];
    expect(images[2]).toMatchObject({
      outcome: 'failed',
      diagnosis: { code, step: 'InspectTarball', remedy: expect.stringMatching(/^[A-Z].+\.$/) },
    });
    const there = Object.keys(await slipway.images()).filter((name) => name.startsWith(`made/${folder}/`));
    expect(there.sort()).toEqual([`made/${folder}/a:1`, `made/${folder}/c:3`]);
  };

  test('a missing layer', async () => {
    const absent = dockerArchive(three({ tags: ['b:2'], seed: 32 })).list[1]?.Layers[0] ?? '';
    const { tarball } = dockerArchive({ ...three({ tags: ['b:2'], seed: 32 }), without: (name) => name === absent });
    await expectAside('missing', tarball.toBuffer(), /^BlobMissing made\/missing\/b:2: 1 blob is not in the tarball/);
  });

  test('a config of another digest', async () => {
    const name = dockerArchive(three({ tags: ['b:2'], seed: 32 })).list[1]?.Config ?? '';
    const extra = [file(name, '{"rootfs":{"diff_ids":[]}}')];
    const options = { ...three({ tags: ['b:2'], seed: 32 }), without: (entry: string) => entry === name, extra };
    await expectAside(
      'digest',
      dockerArchive(options).tarball.toBuffer(),
      /^DigestMismatch made\/digest\/b:2: the bytes/,
    );
  });

  test('an image without a name', async () => {
    const { tarball } = dockerArchive(three({ tags: null, seed: 32 }));
    await expectAside('unnamed', tarball.toBuffer(), /^KeyInvalid sha256:[a-f0-9]{64}: nothing names the repository/);
  });

  test('a repository that the drop does not allow', async () => {
    const { tarball } = dockerArchive(three({ tags: ['denied/b:2'], seed: 32 }));
    await expectAside('policy', tarball.toBuffer(), /^DestinationDenied made\/policy\/denied\/b:2: the object/);
  });
});

test('a tarball of broken images only fails, and its table says why for each', async () => {
  const { tarball } = dockerArchive({
    images: [
      { tags: ['four:4'], ...broken(4) },
      { tags: ['five:5'], ...broken(5) },
    ],
  });
  const push = await slipway.drop('made/none.tar', tarball.toBuffer());
  expect(push.diagnosis).toMatchObject({ code: 'PartialPush', cause: expect.stringMatching(/^2 of 2 images/) });
});

test('the one image of a tarball fails with its own cause, and leaves no repository behind', async () => {
  const { tarball } = dockerArchive({ images: [{ tags: ['six:6'], ...broken(6) }] });
  const push = await slipway.drop('made/six/6.tar', tarball.toBuffer());
  expect(push.diagnosis).toMatchObject({ code: 'DiffIdMismatch', step: 'StageLayers' });
  expect(await slipway.repositories()).not.toContain('made/six');
});

test('an image without a repository is set aside', async () => {
  const { tarball } = dockerArchive({
    images: [
      { tags: ['made/seven:7'], seed: 7 },
      { tags: ['elsewhere/eight:8'], seed: 8 },
    ],
  });
  const push = await slipway.drop('two.tar', tarball.toBuffer());
  expect(push.diagnosis?.evidence).toMatchObject({
    'image 0': 'pushed made/seven:7',
    'image 1': expect.stringMatching(/^RepositoryNotFound elsewhere\/eight:8/),
  });
});

test('a layer that two images of one repository share is sent once', async () => {
  const shared = layersOf(1, { seed: 9, size: 50_000 });
  const { tarball } = dockerArchive({
    images: [
      { tags: ['app:1'], layers: [...shared, ...layersOf(1, { seed: 10 })] },
      { tags: ['app:2'], layers: [...shared, ...layersOf(1, { seed: 11 })] },
    ],
  });
  const push = await slipway.drop('made/shared.tar', tarball.toBuffer());
  expect(push).toMatchObject({ status: 'SUCCEEDED', receipt: { layersSent: 5, layersSkipped: 1 } });
});

test('what would befall every image ends the push at once', async () => {
  slipway.cloud.faults.add({
    service: 'ecr',
    operation: 'BatchCheckLayerAvailability',
    times: 100,
    fault: { kind: 'error', name: 'AccessDeniedException', message: 'no' },
  });
  const { tarball } = dockerArchive({
    images: [
      { tags: ['nine:9'], seed: 12 },
      { tags: ['app:10'], seed: 13 },
    ],
  });
  const push = await slipway.drop('made/denied.tar', tarball.toBuffer());
  slipway.cloud.faults.clear();
  expect(push.diagnosis).toMatchObject({ code: 'PermissionDenied' });
  expect(push.states.filter((state) => state === 'DiagnoseImage')).toHaveLength(1);
});
