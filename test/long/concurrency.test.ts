import { layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';

const PART_SIZE = 64 * 1024;

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start({ partSize: PART_SIZE });
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

/** Puts tarballs of one image each at once, to be pushed to one tag; tells how each push ended. */
async function pushAtOnce(repository: string, tarballs: readonly Buffer[]) {
  const known = await slipway.executions();
  const metadata = { 'slipway-repository': repository, 'slipway-tags': '1' };
  await Promise.all(tarballs.map((bytes, at) => slipway.put(`${repository}/from-${at}.tar`, bytes, metadata)));
  await slipway.cloud.idle();
  const started = (await slipway.executions()).filter((arn) => !known.includes(arn));
  return Promise.all(started.map((arn) => slipway.describe(arn)));
}

function imageOf(...seeds: number[]) {
  const builder = new OciLayoutBuilder();
  const image = builder.image({ layers: seeds.map((seed) => layerOf({ seed, size: 4.5 * PART_SIZE })) });
  return { digest: image.digest, bytes: builder.tarball([image]).toBuffer() };
}

test('two pushes of the same image at once both succeed, though ECR drops the upload of the slower', async () => {
  const image = imageOf(1, 2);
  const ended = await pushAtOnce('twins', [image.bytes, image.bytes]);
  expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect((await slipway.images())['twins:1']).toBe(image.digest);
});

test('two images with a layer in common, pushed to one tag at once: one has it in the end, and none is half there', async () => {
  const [one, other] = [imageOf(3, 4), imageOf(3, 5)];
  const ended = await pushAtOnce('rivals', [one.bytes, other.bytes]);
  const endings = ended.map(({ status, diagnosis }) => diagnosis?.code ?? status);
  expect(endings.filter((ending) => ending === 'SUCCEEDED').length).toBeGreaterThanOrEqual(1);
  expect(endings.filter((ending) => !['SUCCEEDED', 'Superseded'].includes(ending))).toEqual([]);
  expect([one.digest, other.digest]).toContain((await slipway.images())['rivals:1']);
});

test('a step that runs twice at once leaves one right image', async () => {
  const image = imageOf(6);
  for (const operation of ['UploadSmallLayers', 'PutImage']) {
    const meanwhile = async ({ input }: { input: Readonly<Record<string, unknown>> }) => {
      void slipway.cloud.invoke(operation, String(input.payload)).catch(() => undefined);
    };
    slipway.cloud.faults.add({ service: 'lambda', operation, meanwhile });
  }
  const [push] = await pushAtOnce('twice', [image.bytes]);
  expect(push?.status).toBe('SUCCEEDED');
  expect((await slipway.images())['twice:1']).toBe(image.digest);
});
