import { CreateRepositoryCommand, DeleteRepositoryCommand } from '@aws-sdk/client-ecr';
import { type _Object, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { aws } from '../../cli/aws';
import { verifyImage } from '../../cli/verify-image';
import type { FaultRule } from '../../local/fault-script';
import { dockerArchive } from '../support/docker-archive-builder';
import { digestOf, type LayerParts, layerOf } from '../support/image-parts';
import type { EndedPush } from '../support/running-slipway';
import { PART_SIZE, slipwayOfSmallParts } from '../support/small-parts';

const bed = slipwayOfSmallParts();

let seed = 0;

interface Case {
  readonly faults?: readonly FaultRule[];
  readonly layers?: readonly LayerParts[];
  readonly diffIds?: readonly string[];
  readonly options?: Record<string, string>;
  /** A repository that is there already. */
  readonly into?: string;
}

/** A docker archive of plain layers into a repository that is there: unless told otherwise, of one layer of three parts. */
async function push({ faults = [], layers, diffIds, options = {}, into }: Case = {}) {
  seed += 1;
  const name = into ?? `early-${seed}`;
  if (into === undefined) await create(name);
  const { tarball } = dockerArchive({ layers: layers ?? [large(seed)], ...(diffIds && { diffIds }) });
  bed.slipway.cloud.faults.add(...faults);
  const metadata = Object.fromEntries(Object.entries(options).map(([key, value]) => [`slipway-${key}`, value]));
  const ended = await bed.slipway.drop(`${name}/${seed}.tar`, tarball.toBuffer(), metadata);
  const digest = ended.receipt?.images[0]?.digest;
  // Pulls every byte back.
  const pulled = digest === undefined ? undefined : await verifyImage(aws(bed.slipway.cloud.environment), name, digest);
  return { ...ended, name, digest, pulled };
}

const create = (repositoryName: string) => bed.slipway.ecr.send(new CreateRepositoryCommand({ repositoryName }));

/** Everything in it goes. */
async function remake(repositoryName: string): Promise<void> {
  await bed.slipway.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
  await create(repositoryName);
}

const large = (of: number) => layerOf({ seed: of, size: 2.3 * PART_SIZE });
const count = ({ states }: EndedPush, name: string) => states.filter((state) => state === name).length;
const onPart = (part: number): Pick<FaultRule, 'service' | 'operation' | 'where'> => ({
  ...{ service: 'ecr', operation: 'UploadLayerPart', where: { partFirstByte: part * PART_SIZE } },
});

test.each([
  ['gzip', 'alone'],
  ['zstd', 'and copied, for its bytes may not come about again'],
])('a large plain layer is sent as %s while it is compressed, %s', async (compression) => {
  const ended = await push({ options: { compression } });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 0, layersSent: 2 } });
  // What completes the small layers completes it.
  expect(count(ended, 'UploadSmallLayers')).toBeGreaterThan(0);
  expect(count(ended, 'InitiateLayerUpload') + count(ended, 'UploadLayerParts')).toBe(0);
  expect(await bytesOf(ended)).toBe(ended.receipt?.bytesSent);
  expect(await copiesOf(ended)).toHaveLength(compression === 'zstd' ? 1 : 0);
});

test('a layer that others share an invocation with is left to them', async () => {
  const ended = await push({ layers: [layerOf({ seed: 1000, size: PART_SIZE / 2 })] });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', receipt: { layersSent: 2 } });
  expect(await begunIn(ended)).toEqual([]);
});

test('a part of which the answer is lost counts as sent', async () => {
  const ended = await push({ faults: [{ ...onPart(1), fault: { kind: 'reply-lost' } }] });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 0 } });
  expect(count(ended, 'UploadLayerParts')).toBe(0);
});

test.each([0, 1, 2])('an upload that ECR forgets before part %d begins again, alone', async (part) => {
  const ended = await push({ faults: [{ ...onPart(part), fault: { kind: 'forget-upload' } }] });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 1 } });
  // It was copied by the step that met the loss.
  expect([count(ended, 'RestageLayer'), (await copiesOf(ended)).length]).toEqual([0, 1]);
  expect([count(ended, 'RestartLayerUpload'), count(ended, 'InitiateLayerUpload')]).toEqual([1, 1]);
});

test('an upload that ECR forgets after the last part begins again, out of a copy that is made for it once', async () => {
  const fault = { kind: 'forget-upload' };
  const ended = await push({
    faults: [
      { service: 'ecr', operation: 'CompleteLayerUpload', times: 2, fault },
      // It is lost once more when it is sent out of the copy.
      { ...onPart(2), from: 2, fault },
    ],
  });
  // The config is lost as well.
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 3 } });
  expect([count(ended, 'StageLayer'), count(ended, 'RestageLayer')]).toEqual([1, 2]);
  const size = large(seed).plain.length;
  expect(await compressedIn(ended)).toEqual([size, size, 0]);
  expect(await copiesOf(ended)).toHaveLength(1);
});

test.each([
  ['part-taken-partly', { kind: 'take-partly', bytes: 1000 }, 1],
  ['throttled', { kind: 'throttle' }, 0],
  ['server fault', { kind: 'server-error' }, 0],
])('%s: the upload goes on where ECR has it, out of a copy', async (_, fault, restarts) => {
  const ended = await push({ faults: [{ ...onPart(1), times: fault.kind === 'take-partly' ? 1 : 3, fault }] });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts } });
  expect(count(ended, 'StageLayer')).toBe(1);
  expect(count(ended, 'UploadLayerParts')).toBe(1 + restarts);
  const [begun] = await begunIn(ended);
  expect(begun).toMatchObject({ index: 0, allSent: false, upload: { nextByte: PART_SIZE } });
});

test('a function that dies while it compresses and sends does both again', async () => {
  const ended = await push({
    faults: [
      { ...onPart(1), fault: { kind: 'hang' } },
      { service: 'lambda', operation: 'StageLayer', fault: { kind: 'kill-after-ms', ms: 3_000 } },
    ],
  });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 0 } });
});

test('a function that dies while it compresses again does that once more', async () => {
  const ended = await push({
    faults: [
      { service: 'ecr', operation: 'CompleteLayerUpload', times: 2, fault: { kind: 'forget-upload' } },
      { service: 's3', operation: 'UploadPart', fault: { kind: 'hang' } },
      { service: 'lambda', operation: 'StageLayer', from: 2, fault: { kind: 'kill-after-ms', ms: 2_000 } },
    ],
  });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 }, receipt: { restarts: 2 } });
  expect(count(ended, 'RestageLayer')).toBe(1);
  const events = await bed.slipway.history(ended.executionArn);
  expect(events.filter(({ type }) => type === 'TaskFailed')).toHaveLength(1);
  expect(await compressedIn(ended)).toHaveLength(2);
});

test('a layer that is not the one its config lists is never completed', async () => {
  const layer = large(5000);
  const ended = await push({ layers: [layer], diffIds: [digestOf('another')] });
  expect(ended.diagnosis).toMatchObject({ code: 'DiffIdMismatch', step: 'StageLayers' });
  expect(count(ended, 'UploadSmallLayers') + count(ended, 'CompleteLayerUpload')).toBe(0);
});

test('a missing permission ends the push before all is compressed', async () => {
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/r/s is not authorized to perform: ecr:UploadLayerPart on resource: arn:aws:ecr:us-east-1:000000000000:repository/app because no identity-based policy allows the ecr:UploadLayerPart action';
  const fault = { kind: 'error', name: 'AccessDeniedException', message };
  const ended = await push({ faults: [{ service: 'ecr', operation: 'UploadLayerPart', times: 100, fault }] });
  expect(ended.diagnosis).toMatchObject({ code: 'PermissionDenied', step: 'StageLayers' });
  expect(ended.diagnosis?.evidence.statement).toContain('"Action":"ecr:UploadLayerPart"');
  expect(count(ended, 'StageLayer')).toBe(1);
});

test('with verify: "deep" nothing is sent before all is compared', async () => {
  const ended = await push({ options: { verify: 'deep' } });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 } });
  expect(await begunIn(ended)).toEqual([]);
});

test('a second repository has the layer compressed once more, and copied for the third', async () => {
  const layers = [large(6000)];
  const pushes = [await push({ layers }), await push({ layers }), await push({ layers })];
  expect(pushes.map((ended) => count(ended, 'UploadLayerParts'))).toEqual([0, 0, 1]);
  const [first, ...others] = pushes;
  for (const other of others) {
    expect(other).toMatchObject({ status: 'SUCCEEDED', digest: first?.digest, pulled: { blobs: 2 } });
  }
});

test('the same layer again, to the same repository, is neither compressed nor sent', async () => {
  const layers = [large(6100)];
  const first = await push({ layers });
  const again = await push({ layers, into: first.name });
  expect(again).toMatchObject({ status: 'SUCCEEDED', digest: first.digest, receipt: { bytesSent: 0, layersSent: 0 } });
  expect(await copiesOf(again)).toEqual([]);
});

test('of a layer that goes to several repositories, the others are sent the copy of the first', async () => {
  const layer = large(6200);
  const images = ['one', 'other'].map((name) => ({ layers: [layer], tags: [`early-both/${name}:1`] }));
  for (const name of ['one', 'other']) await create(`early-both/${name}`);
  const ended = await bed.slipway.drop('early-both.tar', dockerArchive({ images }).tarball.toBuffer());
  expect(ended).toMatchObject({ status: 'SUCCEEDED', receipt: { images: [{}, {}] } });
  expect(count(ended, 'UploadLayerParts')).toBe(1);
  expect(await copiesOf(ended)).toHaveLength(1);
});

test('a layer that ECR has lost before its image is put is copied, and sent on its own', async () => {
  const layer = large(6300);
  const ended = await push({
    layers: [layer],
    faults: [{ service: 'ecr', operation: 'PutImage', meanwhile: async () => remake(`early-${seed}`) }],
  });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 2 } });
  expect([count(ended, 'StageLayer'), count(ended, 'RestageLayer')]).toEqual([1, 1]);
});

test('of several large layers all are sent early, and completed together', async () => {
  const layers = [large(7000), large(7001), layerOf({ seed: 7002, size: 1000 })];
  const ended = await push({ layers });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', pulled: { blobs: 4 }, receipt: { layersSent: 4 } });
  expect((await begunIn(ended)).map(({ index, allSent }) => [index, allSent])).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(count(ended, 'UploadLayerParts')).toBe(0);
});

interface Begun {
  readonly index: number;
  readonly allSent?: boolean;
}

/** What StageLayers handed on. */
async function begunIn({ executionArn }: EndedPush): Promise<readonly Begun[]> {
  const events = await bed.slipway.history(executionArn);
  const exited = events.find(({ stateExitedEventDetails: state }) => state?.name === 'StageLayers');
  return (JSON.parse(exited?.stateExitedEventDetails?.output ?? '{}') as { begun: Begun[] }).begun;
}

/** Bytes that each invocation of StageLayer compressed, in turn, of the first layer. */
async function compressedIn({ executionArn }: EndedPush): Promise<number[]> {
  const events = await bed.slipway.history(executionArn);
  return events.flatMap(({ taskSucceededEventDetails: task }) => {
    const { Payload } = JSON.parse(task?.output ?? '{}') as { Payload?: { compressed?: number } };
    return Payload?.compressed ?? [];
  });
}

/** What the work bucket has of the bytes of its plain layers. */
async function copiesOf(ended: EndedPush): Promise<_Object[]> {
  const { plainLayers } = (await bed.slipway.document(ended, 'plan')) as { plainLayers: { diffId: string }[] };
  const list = new ListObjectsV2Command({ Bucket: bed.slipway.cloud.workBucket, Prefix: 'staged/' });
  const { Contents = [] } = await bed.slipway.s3.send(list);
  const names = plainLayers.map(({ diffId }) => diffId.replace(':', '-'));
  return Contents.filter(({ Key = '' }) => /\.tar\.\w+$/.test(Key) && names.some((name) => Key.includes(name)));
}

/** Of all layers and the config, by the receipt. */
async function bytesOf(ended: EndedPush): Promise<number> {
  const { images } = (await bed.slipway.document(ended, 'receipt')) as { images: { layers: { size: number }[] }[] };
  return images.flatMap(({ layers }) => layers).reduce((sum, { size }) => sum + size, 0);
}
