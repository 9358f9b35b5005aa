import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { FaultRule } from '../../local/fault-script';
import { type LayerParts, layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import type { EndedPush } from '../support/running-slipway';
import { PART_SIZE, slipwayOfSmallParts } from '../support/small-parts';

const LAST_PART = 2;

const bed = slipwayOfSmallParts();

type Push = EndedPush & { readonly size: number; readonly right: boolean };

let seed = 0;

/** Pushes an image of such layers to a new repository, under the faults that its layers are to meet. */
async function push(sizes: readonly number[], faults: (layers: LayerParts[]) => FaultRule[]): Promise<Push> {
  seed += 1;
  const repository = `app-${seed}`;
  const builder = new OciLayoutBuilder();
  const layers = sizes.map((size, at) => layerOf({ seed: seed * 100 + at, size }));
  const image = builder.image({ layers });
  bed.slipway.cloud.faults.add(...faults(layers));
  const ended = await bed.slipway.drop(`${repository}/1.tar`, builder.tarball([image]).toBuffer());
  const right = (await bed.slipway.images())[`${repository}:1`] === image.digest;
  return { ...ended, right, size: layers.reduce((sum, { stored }) => sum + stored.length, 0) };
}

/** One layer of three parts, too large to share a worker. */
const pushLarge = (faults: (layer: LayerParts) => FaultRule[]) =>
  push([2.3 * PART_SIZE], ([layer]) => faults(layer as LayerParts));
const pushUnder = (...faults: FaultRule[]) => pushLarge(() => faults);

/** Three layers that share a worker with the config; the faults are for the second. */
const pushSmall = (faults: (layer: LayerParts) => FaultRule[]) =>
  push([10_000, 20_000, 30_000], ([, second]) => faults(second as LayerParts));

/** Only calls for the large layer: small ones go up in one part of their own. */
const onLayerPart = (part: number): Pick<FaultRule, 'where'> => ({ where: { partFirstByte: part * PART_SIZE } });
const onPartOf = ({ stored }: LayerParts) => ({ where: { partLastByte: stored.length - 1 } });
const onDigestOf = ({ digest }: LayerParts) => ({ where: { layerDigests: [digest] } });
const count = ({ states }: EndedPush, name: string) => states.filter((state) => state === name).length;
const sentBy = ({ receipt }: EndedPush) => receipt?.bytesSent ?? 0;

test('without faults each byte is sent once', async () => {
  const push = await pushUnder();
  expect(push).toMatchObject({ status: 'SUCCEEDED', right: true, receipt: { restarts: 0 } });
  expect(sentBy(push)).toBe(push.size + (await configSize(push)));
});

test.each([1, LAST_PART])('an upload that ECR forgets before part %d is sent again from byte 0', async (part) => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    ...onLayerPart(part),
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(count(push, 'RestartLayerUpload')).toBe(1);
  const lost = Math.min((part + 1) * PART_SIZE, push.size);
  await expectSentAgain(push, lost);
});

test('an upload that ECR forgets before part 0 is sent again from byte 0', async () => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    where: { partFirstByte: 0, partLastByte: PART_SIZE - 1 },
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  await expectSentAgain(push, PART_SIZE);
});

test('an upload that ECR forgets after the last part is sent again', async () => {
  const push = await pushLarge((layer) => [
    { service: 'ecr', operation: 'CompleteLayerUpload', ...onDigestOf(layer), fault: { kind: 'forget-upload' } },
  ]);
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(count(push, 'RestartLayerUpload')).toBe(1);
});

test('a lost upload of a layer that is there by now is not sent again', async () => {
  // The reply is lost after the layer was completed; the SDK repeats the call, and ECR does not know the upload any more.
  const push = await pushLarge((layer) => [
    { service: 'ecr', operation: 'CompleteLayerUpload', ...onDigestOf(layer), fault: { kind: 'reply-lost' } },
  ]);
  expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
  expect(count(push, 'RestartLayerUpload')).toBe(0);
  expect(count(push, 'LayerAvailable?')).toBe(1);
});

test.each([0, 1, LAST_PART])(
  'the reply to part %d is lost: the part counts as stored, and nothing restarts',
  async (part) => {
    const push = await pushUnder({
      service: 'ecr',
      operation: 'UploadLayerPart',
      ...onLayerPart(part),
      fault: { kind: 'reply-lost' },
    });
    expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
    expect(count(push, 'RestartLayerUpload')).toBe(0);
  },
);

test('a function that dies while it sends parts goes on where ECR stands', async () => {
  const push = await pushUnder(
    // The second part hangs until the function is killed under it; the first was accepted by then.
    { service: 'ecr', operation: 'UploadLayerPart', ...onLayerPart(1), fault: { kind: 'hang' } },
    { service: 'lambda', operation: 'UploadLayerParts', times: 2, fault: { kind: 'kill-after-ms', ms: 3_000 } },
  );
  expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
  expect(bed.slipway.cloud.ecr.sent).toBeDefined();
});

test('an upload that is lost every time ends as UploadExpired, and no tag moves', async () => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    ...onLayerPart(1),
    times: 100,
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ status: 'FAILED', right: false, diagnosis: { code: 'UploadExpired', retryable: true } });
  expect(count(push, 'RestartLayerUpload')).toBe(4);
});

describe('small layers, which share a worker', () => {
  test('are all done by one invocation', async () => {
    const push = await pushSmall(() => []);
    expect(push).toMatchObject({ right: true, receipt: { restarts: 0, layersSent: 4 } });
    expect(count(push, 'UploadSmallLayers')).toBe(1);
    expect(count(push, 'VerifyPack')).toBe(1);
    expect(count(push, 'InitiateLayerUpload')).toBe(0);
    expect(sentBy(push)).toBe(push.size + (await configSize(push)));
  });

  test.each([
    ['before its part', 'UploadLayerPart', onPartOf],
    ['after its part', 'CompleteLayerUpload', onDigestOf],
  ] as const)('restart alone when ECR forgets the upload of one of them %s', async (_, operation, onLayer) => {
    let lost = 0;
    const push = await pushSmall((layer) => {
      lost = layer.stored.length;
      return [{ service: 'ecr', operation, ...onLayer(layer), fault: { kind: 'forget-upload' } }];
    });
    expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
    expect(count(push, 'RestartLayerUpload')).toBe(1);
    expect(count(push, 'InitiateLayerUpload')).toBe(1);
    expect(sentBy(push)).toBe(push.size + lost + (await configSize(push)));
  });

  test('do not restart when the reply to Complete is lost: ECR has the layer', async () => {
    const push = await pushSmall((layer) => [
      { service: 'ecr', operation: 'CompleteLayerUpload', ...onDigestOf(layer), fault: { kind: 'reply-lost' } },
    ]);
    expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
    expect(count(push, 'UploadLayers')).toBe(1);
    expect(sentBy(push)).toBe(push.size + (await configSize(push)));
  });

  test('are not sent again by the next try when the function dies in their midst', async () => {
    let second = 0;
    const push = await pushSmall((layer) => {
      second = layer.stored.length;
      return [
        { service: 'ecr', operation: 'CompleteLayerUpload', ...onDigestOf(layer), fault: { kind: 'hang' } },
        { service: 'lambda', operation: 'UploadSmallLayers', fault: { kind: 'kill-after-ms', ms: 3_000 } },
      ];
    });
    expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
    // The others were completed by the first try, whose count died with it.
    expect(sentBy(push)).toBe(second);
  });

  test('fail as UploadExpired when one of them is lost every time', async () => {
    const push = await pushSmall((layer) => [
      {
        service: 'ecr',
        operation: 'UploadLayerPart',
        ...onPartOf(layer),
        times: 100,
        fault: { kind: 'forget-upload' },
      },
    ]);
    expect(push).toMatchObject({ status: 'FAILED', right: false, diagnosis: { code: 'UploadExpired' } });
    expect(count(push, 'SpaceOutRestarts')).toBe(3);
  });
});

test('throttling and server faults are waited out', async () => {
  const push = await pushSmall(() => [
    { service: 'ecr', operation: 'InitiateLayerUpload', times: 6, fault: { kind: 'throttle' } },
    { service: 'ecr', operation: 'PutImage', times: 4, fault: { kind: 'server-error', html: true } },
    { service: 's3', operation: 'GetObject', times: 5, fault: { kind: 'server-error' } },
  ]);
  expect(push).toMatchObject({ status: 'SUCCEEDED', right: true });
});

test('a missing permission is named, with the statement that grants it', async () => {
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/r/s is not authorized to perform: ecr:UploadLayerPart on resource: arn:aws:ecr:us-east-1:000000000000:repository/app because no identity-based policy allows the ecr:UploadLayerPart action';
  const push = await pushSmall(() => [
    {
      service: 'ecr',
      operation: 'UploadLayerPart',
      times: 100,
      fault: { kind: 'error', name: 'AccessDeniedException', message },
    },
  ]);
  expect(push.diagnosis).toMatchObject({ code: 'PermissionDenied', step: 'UploadLayers' });
  expect(push.diagnosis?.evidence.statement).toContain('"Action":"ecr:UploadLayerPart"');
});

test('layers that ECR collects before PutImage are sent again', async () => {
  const message = `Layers with digests '[sha256:${'0'.repeat(64)}]' required for pushing image do not exist`;
  const push = await pushSmall(() => [
    { service: 'ecr', operation: 'PutImage', fault: { kind: 'error', name: 'LayersNotFoundException', message } },
  ]);
  expect(push).toMatchObject({ right: true });
  expect(count(push, 'FindMissingLayers')).toBe(2);
});

/** All once and what was lost twice; beside it the part that was begun while the lost one was on its way. */
async function expectSentAgain(push: EndedPush & { size: number }, lost: number): Promise<void> {
  const least = push.size + lost + (await configSize(push));
  expect(sentBy(push)).toBeGreaterThanOrEqual(least);
  expect(sentBy(push)).toBeLessThanOrEqual(least + PART_SIZE);
}

async function configSize({ receipt }: EndedPush): Promise<number> {
  const { Body } = await bed.slipway.s3.send(
    new GetObjectCommand({
      Bucket: receipt?.receipt.bucket,
      Key: receipt?.receipt.key,
    }),
  );
  const { images } = JSON.parse((await Body?.transformToString()) ?? '') as {
    images: { layers: { size: number }[] }[];
  };
  return Math.min(...images.flatMap(({ layers }) => layers.map(({ size }) => size)));
}
