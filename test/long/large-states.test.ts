import { dockerArchive } from '../support/docker-archive-builder';
import { layersOf } from '../support/image-parts';
import { ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';
import { file, type Tarball, type TarMember } from '../support/tar-writer';

jest.setTimeout(600_000);

const IMAGES = 150;
const ENTRIES = 12_000;
const LAYERS = 500;
const MINUTE = 60_000;

let slipway: RunningSlipway;
beforeEach(async () => {
  slipway = await RunningSlipway.start();
});
afterEach(() => slipway.stop());

const MIB = 1024 ** 2;

/**
 * Pushes, says what it took, and holds it against the limits of Step Functions (262,144 bytes, 25,000 events) and
 * against the memory and time of each function.
 */
async function pushWithinLimits(key: string, tarball: Tarball): Promise<EndedPush> {
  const push = await slipway.drop(key, tarball.toBuffer());
  expect(push.diagnosis).toBeUndefined();
  expect(push.status).toBe('SUCCEEDED');
  const { events, largestPayload } = slipway.cloud.states.measure(push.executionArn);
  process.stdout.write(`${key}: ${events} events, at most ${largestPayload} bytes\n`);
  expect(largestPayload).toBeLessThan(60_000);
  expect(events).toBeLessThan(10_000);
  const used = slipway.cloud.measure().filter(({ invocations }) => invocations > 0);
  for (const { step, peakRssBytes, maxDurationMs } of used) {
    process.stdout.write(`  ${step}: ${Math.round(peakRssBytes / MIB)} MiB, ${Math.round(maxDurationMs)} ms\n`);
  }
  expect(used.filter(({ peakRssBytes, memorySize }) => peakRssBytes > Math.min(300, memorySize) * MIB)).toEqual([]);
  expect(used.filter(({ maxDurationMs }) => maxDurationMs > MINUTE)).toEqual([]);
  return push;
}

/** Images of shared layers, each with a config of its own. */
function release(nameOf: (image: number) => string): Tarball {
  const layers = layersOf(3);
  const images = Array.from({ length: IMAGES }, (_, image) => {
    const own = layersOf(1, { seed: 100 + image });
    return { tags: [nameOf(image)], layers: image % 10 === 0 ? [...layers, ...own] : layers.slice(0, 1 + (image % 3)) };
  });
  return dockerArchive({ images }).tarball;
}

const padding: TarMember[] = Array.from({ length: ENTRIES }, (_, entry) =>
  file(`blobs/notes/${'deep/'.repeat(entry % 20)}${entry}.txt`, 'x'),
);

test('150 images with shared layers, all in one repository', async () => {
  await pushWithinLimits(
    'team-a/release.tar',
    release((image) => `app:${image}`),
  );
  expect(Object.keys(await slipway.images()).length).toBe(IMAGES);
});

test('150 images with shared layers, each in a repository of its own', async () => {
  await pushWithinLimits(
    'team-a/release.tar',
    release((image) => `app-${image}:1`),
  );
});

test('12,000 entries', async () => {
  const { tarball } = dockerArchive({ layers: 2, extra: padding });
  await pushWithinLimits('team-a/entries/1.tar', tarball);
});

test('500 layers that are compressed first', async () => {
  const push = await pushWithinLimits('team-a/plain/1.tar', dockerArchive({ layers: LAYERS }).tarball);
  expect(push.receipt).toMatchObject({ layersSent: LAYERS + 1 });
});

test('500 layers that are sent as they lie', async () => {
  const layout = ociLayout({ layers: LAYERS });
  const push = await pushWithinLimits('team-a/packed/1.tar', layout.tarball);
  expect(push.receipt?.images[0]?.digest).toBe(layout.digest);
});
