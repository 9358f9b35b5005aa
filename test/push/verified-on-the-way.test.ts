import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import type { FaultRule } from '../../local/fault-script';
import { flipped, hexOf, type LayerParts, layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import type { EndedPush } from '../support/running-slipway';
import { PART_SIZE, slipwayOfSmallParts } from '../support/small-parts';
import { file } from '../support/tar-writer';

const bed = slipwayOfSmallParts();

type Push = EndedPush & {
  readonly right: boolean;
  readonly size: number;
  /** Calls of ECR that the push made. */
  readonly calls: (operation: string) => number;
};

let seed = 0;

interface Order {
  readonly sizes: readonly number[];
  /** Index of a layer with one bit turned over. */
  readonly damaged?: number;
  readonly faults?: (layers: readonly LayerParts[]) => FaultRule[];
  readonly metadata?: Record<string, string>;
}

/** Pushes an image of new layers to a repository that is there. */
async function push({ sizes, damaged, faults, metadata }: Order): Promise<Push> {
  seed += 1;
  const repository = `there-${seed}`;
  await bed.slipway.ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  const builder = new OciLayoutBuilder();
  const layers = sizes.map((size, at) => layerOf({ seed: seed * 100 + at, size }));
  const image = builder.image({ layers });
  const broken = damaged === undefined ? [] : [layers[damaged] as LayerParts];
  const bytes = builder.tarball([image], {
    without: broken.map(({ digest }) => digest),
    extra: broken.map(({ digest, stored }) => file(`blobs/sha256/${hexOf(digest)}`, flipped(stored))),
  });
  bed.slipway.cloud.faults.add(...(faults?.(layers) ?? []));
  const before = new Map(bed.slipway.cloud.ecr.sent.calls);
  const ended = await bed.slipway.drop(`${repository}/1.tar`, bytes.toBuffer(), metadata);
  const after = new Map(bed.slipway.cloud.ecr.sent.calls);
  return {
    ...ended,
    right: (await bed.slipway.images())[`${repository}:1`] === image.digest,
    size: layers.reduce((sum, { stored }) => sum + stored.length, 0),
    calls: (operation) => (after.get(operation) ?? 0) - (before.get(operation) ?? 0),
  };
}

const count = ({ states }: EndedPush, name: string) => states.filter((state) => state === name).length;
const LARGE = 1.5 * PART_SIZE;

test('layers are read once, and completed when all of them are sent', async () => {
  const done = await push({ sizes: [LARGE, 20_000, LARGE] });
  expect(done).toMatchObject({ right: true, receipt: { restarts: 0, layersSent: 4 } });
  expect(count(done, 'VerifyPack')).toBe(0);
  expect(count(done, 'UploadLayers')).toBe(2);
  expect(count(done, 'LayerHeld')).toBe(2);
  const firstCompleted = done.states.indexOf('CompleteLayerUpload');
  expect(done.states.lastIndexOf('UploadLayerParts')).toBeLessThan(firstCompleted);
  expect(done.receipt?.bytesSent).toBeLessThan(done.size * 1.01);
});

test('layers that share one invocation are sent and completed by it', async () => {
  const done = await push({ sizes: [10_000, 20_000] });
  expect(done.right).toBe(true);
  expect(count(done, 'VerifyPack')).toBe(0);
  expect(count(done, 'UploadSmallLayers')).toBe(1);
});

test.each([
  ['a small layer among large ones', [LARGE, 20_000, LARGE], 1],
  ['a large layer among small ones', [20_000, LARGE, 30_000], 1],
  ['the last of small layers', [10_000, 20_000, 30_000], 2],
])('%s that is damaged is DigestMismatch, and no layer is completed', async (_, sizes, damaged) => {
  const failed = await push({ sizes, damaged });
  expect(failed).toMatchObject({
    status: 'FAILED',
    right: false,
    diagnosis: { code: 'DigestMismatch', step: 'UploadLayers', retryable: false },
  });
  expect(failed.diagnosis?.cause).toContain('in entry "blobs/sha256/');
  expect(failed.calls('CompleteLayerUpload')).toBe(0);
  expect(failed.calls('PutImage')).toBe(0);
});

test('a function that dies while it sends is followed by one that reads again what was sent, for the digest', async () => {
  const faults = (damaged: boolean) => ({
    sizes: [2.5 * PART_SIZE, 20_000],
    ...(damaged ? { damaged: 0 } : {}),
    faults: (): FaultRule[] => [
      { service: 'ecr', operation: 'UploadLayerPart', where: { partFirstByte: PART_SIZE }, fault: { kind: 'hang' } },
      { service: 'lambda', operation: 'UploadLayerParts', fault: { kind: 'kill-after-ms', ms: 1_500 } },
    ],
  });
  expect(await push(faults(false))).toMatchObject({ right: true, receipt: { restarts: 0 } });
  expect(await push(faults(true))).toMatchObject({ status: 'FAILED', diagnosis: { code: 'DigestMismatch' } });
});

test('a layer that ECR loses while it is held is sent again, and the others are not', async () => {
  const done = await push({
    sizes: [LARGE, LARGE, 20_000],
    faults: ([first]) => [
      {
        service: 'ecr',
        operation: 'CompleteLayerUpload',
        where: { layerDigests: [first?.digest] },
        fault: { kind: 'forget-upload' },
      },
    ],
  });
  expect(done).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(count(done, 'InitiateLayerUpload')).toBe(3);
});

test('what a pack loses is sent before anything is completed', async () => {
  const done = await push({
    sizes: [LARGE, 10_000, 20_000],
    faults: (layers) => [
      {
        service: 'ecr',
        operation: 'UploadLayerPart',
        where: { partLastByte: (layers[2]?.stored.length ?? 0) - 1 },
        fault: { kind: 'forget-upload' },
      },
    ],
  });
  expect(done).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(done.states.lastIndexOf('UploadLayerParts')).toBeLessThan(done.states.indexOf('CompleteLayerUpload'));
  expect(count(done, 'UploadLayers')).toBe(3);
});

test('asked to look into layers, the push reads them before it sends any', async () => {
  const done = await push({ sizes: [LARGE, 20_000], metadata: { 'slipway-verify': 'deep' } });
  expect(done.right).toBe(true);
  expect(count(done, 'VerifyPack')).toBeGreaterThan(0);
  expect(count(done, 'LayerHeld')).toBe(0);
});
