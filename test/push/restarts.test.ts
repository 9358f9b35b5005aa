import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { FaultRule } from '../../local/fault-script';
import { layerOf } from '../support/image-parts';
import { OciLayoutBuilder } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';

const PART_SIZE = 5 * 1024 * 1024;
const PARTS = 3;

let slipway: RunningSlipway;
beforeAll(async () => {
  slipway = await RunningSlipway.start({ partSize: PART_SIZE });
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

let seed = 0;

/** Pushes an image of one three-part layer to a new repository, under the given faults. */
async function pushUnder(...faults: FaultRule[]): Promise<EndedPush & { size: number; right: boolean }> {
  seed += 1;
  const repository = `app-${seed}`;
  const builder = new OciLayoutBuilder();
  const layer = layerOf({ seed, size: 2.5 * PART_SIZE });
  const image = builder.image({ layers: [layer] });
  slipway.cloud.faults.add(...faults);
  const push = await slipway.drop(`${repository}/1.tar`, builder.tarball([image]).toBuffer());
  const right = (await slipway.images())[`${repository}:1`] === image.digest;
  return { ...push, right, size: layer.stored.length };
}

/** Only calls for the layer: the config goes up in one part of its own. */
const onLayerPart = (part: number): Pick<FaultRule, 'where'> => ({ where: { partFirstByte: part * PART_SIZE } });
const count = ({ states }: EndedPush, name: string) => states.filter((state) => state === name).length;
const sentBy = ({ receipt }: EndedPush) => receipt?.bytesSent ?? 0;

test('without faults each byte is sent once', async () => {
  const push = await pushUnder();
  expect(push).toMatchObject({ status: 'SUCCEEDED', right: true, receipt: { restarts: 0 } });
  expect(sentBy(push)).toBe(push.size + (await configSize(push)));
});

test.each([1, 2])('an upload that ECR forgets before part %d is sent again from byte 0', async (part) => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    ...onLayerPart(part),
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(count(push, 'RestartLayerUpload')).toBe(1);
  const lost = Math.min((part + 1) * PART_SIZE, push.size);
  expect(sentBy(push)).toBe(push.size + lost + (await configSize(push)));
});

test('an upload that ECR forgets before part 0 is sent again from byte 0', async () => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    where: { partFirstByte: 0, partLastByte: PART_SIZE - 1 },
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(sentBy(push)).toBe(push.size + PART_SIZE + (await configSize(push)));
});

test('an upload that ECR forgets after the last part is sent again', async () => {
  const push = await pushUnder({
    service: 'ecr',
    operation: 'CompleteLayerUpload',
    fault: { kind: 'forget-upload' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 1 } });
  expect(count(push, 'RestartLayerUpload')).toBe(1);
});

test('a lost upload of a layer that is there by now is not sent again', async () => {
  // The reply is lost after the layer was completed; the SDK repeats the call, and ECR does not know the upload any more.
  const push = await pushUnder({
    service: 'ecr',
    operation: 'CompleteLayerUpload',
    times: 2,
    fault: { kind: 'reply-lost' },
  });
  expect(push).toMatchObject({ right: true, receipt: { restarts: 0 } });
  expect(count(push, 'RestartLayerUpload')).toBe(0);
  expect(count(push, 'LayerAvailable?')).toBe(2);
});

test.each(Array.from({ length: PARTS }, (_, part) => part))(
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
  expect(slipway.cloud.ecr.sent).toBeDefined();
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

test('throttling and server faults are waited out', async () => {
  const push = await pushUnder(
    { service: 'ecr', operation: 'InitiateLayerUpload', times: 6, fault: { kind: 'throttle' } },
    { service: 'ecr', operation: 'PutImage', times: 4, fault: { kind: 'server-error', html: true } },
    { service: 's3', operation: 'GetObject', times: 5, fault: { kind: 'server-error' } },
  );
  expect(push).toMatchObject({ status: 'SUCCEEDED', right: true });
});

test('a missing permission is named, with the statement that grants it', async () => {
  const message =
    'User: arn:aws:sts::000000000000:assumed-role/r/s is not authorized to perform: ecr:UploadLayerPart on resource: arn:aws:ecr:us-east-1:000000000000:repository/app because no identity-based policy allows the ecr:UploadLayerPart action';
  const push = await pushUnder({
    service: 'ecr',
    operation: 'UploadLayerPart',
    times: 100,
    fault: { kind: 'error', name: 'AccessDeniedException', message },
  });
  expect(push.diagnosis).toMatchObject({ code: 'PermissionDenied', step: 'UploadLayers' });
  expect(push.diagnosis?.evidence.statement).toContain('"Action":"ecr:UploadLayerPart"');
});

test('layers that ECR collects before PutImage are sent again', async () => {
  const message = `Layers with digests '[sha256:${'0'.repeat(64)}]' required for pushing image do not exist`;
  const push = await pushUnder({
    service: 'ecr',
    operation: 'PutImage',
    fault: { kind: 'error', name: 'LayersNotFoundException', message },
  });
  expect(push).toMatchObject({ right: true });
  expect(count(push, 'FindMissingLayers')).toBe(2);
});

async function configSize({ receipt }: EndedPush): Promise<number> {
  const { Body } = await slipway.s3.send(
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
