import type { FaultRule } from '../../local/fault-script';
import { dockerArchive } from '../support/docker-archive-builder';
import { ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';

const IMAGES = 8;

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start();
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

const throttled: FaultRule = { service: 'ecr', operation: 'PutImage', fault: { kind: 'throttle' } };

/** Images that differ from each other and from those of other seeds. */
function release(seed: number): Buffer {
  const images = Array.from({ length: IMAGES }, (_, image) => ({ tags: [`app:${image}`], seed: seed * 100 + image }));
  return dockerArchive({ images }).tarball.toBuffer();
}

/** How the push of a tarball ended, and how many calls of PutImage it took. */
async function putsOf(key: string, bytes: Uint8Array): Promise<{ push: EndedPush; puts: number }> {
  const calls = () => slipway.cloud.ecr.sent.calls.get('PutImage') ?? 0;
  const before = calls();
  const push = await slipway.drop(key, bytes);
  expect(push.status).toBe('SUCCEEDED');
  return { push, puts: calls() - before };
}

test('each image is put once, with its tag, and not again when it is there', async () => {
  expect((await putsOf('team-a/release.tar', release(1))).puts).toBe(IMAGES);
  expect((await putsOf('team-a/release.tar', release(1))).puts).toBe(0);
});

test('a step that ECR throttles goes on with the image it had come to', async () => {
  // More than the SDK tries on its own, so that the step fails: twice early and twice late.
  slipway.cloud.faults.add({ ...throttled, from: 5, times: 6 }, { ...throttled, from: 13, times: 6 });
  const { push, puts } = await putsOf('team-c/release.tar', release(3));
  expect(puts).toBe(IMAGES + 12);
  const failed = (await slipway.history(push.executionArn)).map((event) => event.taskFailedEventDetails?.error);
  expect(failed.filter((error) => error === 'Throttled').length).toBe(4);
  const images = Object.keys(await slipway.images()).filter((name) => name.startsWith('team-c/'));
  expect(images.length).toBe(IMAGES);
});

test('a tag that points to another image is moved, and the image that is there is not put again', async () => {
  const [first, second] = [ociLayout({ seed: 7 }), ociLayout({ seed: 8 })];
  await putsOf('team-d/app/1.tar', first.tarball.toBuffer());
  await putsOf('team-d/app/1.tar', second.tarball.toBuffer());
  expect((await slipway.images())['team-d/app:1']).toBe(second.digest);
  expect((await putsOf('team-d/app/1.tar', first.tarball.toBuffer())).puts).toBe(1);
  expect((await slipway.images())['team-d/app:1']).toBe(first.digest);
});
