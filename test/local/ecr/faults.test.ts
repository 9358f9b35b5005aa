import { InitiateLayerUploadCommand, ListImagesCommand } from '@aws-sdk/client-ecr';
import type { Fault, FaultCall } from '../../../local/ecr/faults';
import {
  availability,
  bytes,
  complete,
  createRepository,
  failureOf,
  initiate,
  sendPart,
  sha256,
} from './image-builders';
import { type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('a fault', () => {
  let registry: Fixture;
  let next: Fault | undefined;
  let struck = () => {};
  let seen: FaultCall[] = [];

  beforeAll(async () => {
    const faults = (call: FaultCall): Fault | undefined => {
      seen.push(call);
      const fault = next;
      next = undefined;
      if (fault) struck();
      return fault;
    };
    registry = await startRegistry({ faults });
    await createRepository(registry.client, NAME);
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => registry.stop());

  const list = () => registry.client.send(new ListImagesCommand({ repositoryName: NAME }));

  it.each<[Fault, string, number]>([
    [{ kind: 'error', name: 'KmsException', message: 'disabled' }, 'KmsException', 400],
    [{ kind: 'error', name: 'ServerException', status: 500 }, 'ServerException', 500],
    [{ kind: 'throttle' }, 'ThrottlingException', 400],
    [{ kind: 'server-error' }, 'ServerException', 500],
    [{ kind: 'server-error', html: true }, 'SyntaxError', 503],
  ])('of %p is answered in its form', async (fault, name, httpStatusCode) => {
    next = fault;
    const error = await failureOf(list());
    expect(error.name).toBe(name);
    const status = error.$metadata ?? error.$response;
    expect(status).toMatchObject(error.$metadata ? { httpStatusCode } : { statusCode: httpStatusCode });
    expect((await list()).imageIds).toEqual([]);
  });

  it('before the operation leaves the upload as it was', async () => {
    const uploadId = await initiate(registry.client, NAME);
    next = { kind: 'throttle' };
    await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10)));
    expect((await sendPart(registry.client, NAME, uploadId, 0, bytes(10))).lastByteReceived).toBe(9);
    expect(registry.ecr.sent.uploads.get(uploadId)).toEqual({ bytesReceived: 20, bytesAccepted: 10 });
  });

  it('that loses the reply comes after the operation', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const layer = bytes(10, 'lost');
    next = { kind: 'reply-lost' };
    await failureOf(sendPart(registry.client, NAME, uploadId, 0, layer));
    const again = await failureOf(sendPart(registry.client, NAME, uploadId, 0, layer));
    expect(again).toMatchObject({ name: 'InvalidLayerPartException', lastValidByteReceived: 9 });
    next = { kind: 'reply-lost' };
    await failureOf(complete(registry.client, NAME, uploadId, sha256(layer)));
    expect(await availability(registry.client, NAME, sha256(layer))).toEqual(['AVAILABLE']);
  });

  it('that forgets the upload makes the operation fail by itself', async () => {
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, bytes(10));
    next = { kind: 'forget-upload' };
    const error = await failureOf(complete(registry.client, NAME, uploadId, sha256(bytes(10))));
    expect(error.name).toBe('UploadNotFoundException');
  });

  it('that resets the connection carries nothing out', async () => {
    const uploadId = await initiate(registry.client, NAME);
    next = { kind: 'reset' };
    await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10)));
    expect((await sendPart(registry.client, NAME, uploadId, 0, bytes(10))).lastByteReceived).toBe(9);
  });

  it('that loses the newest part leaves the upload at the byte before it', async () => {
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, bytes(10));
    next = { kind: 'lose-part' };
    const error = await failureOf(sendPart(registry.client, NAME, uploadId, 10, bytes(10)));
    expect(error.message).toContain('is 10 instead of 0');
    const layer = bytes(20, 'again');
    await sendPart(registry.client, NAME, uploadId, 0, layer);
    await complete(registry.client, NAME, uploadId, sha256(layer));
    expect(await availability(registry.client, NAME, sha256(layer))).toEqual(['AVAILABLE']);
  });

  it('that takes a part partly leaves the upload in the midst of it', async () => {
    const uploadId = await initiate(registry.client, NAME);
    next = { kind: 'take-partly', bytes: 4 };
    await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10)));
    const again = await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10)));
    expect(again).toMatchObject({ name: 'InvalidLayerPartException', lastValidByteReceived: 3 });
  });

  it('that changes the part size carries the operation out', async () => {
    next = { kind: 'part-size', bytes: 6_000_000 };
    const initiated = await registry.client.send(new InitiateLayerUploadCommand({ repositoryName: NAME }));
    expect(initiated.partSize).toBe(6_000_000);
    await sendPart(registry.client, NAME, initiated.uploadId ?? '', 0, bytes(10));
  });

  it('is decided on with the parameters of the call, without its blob, and the key id of the caller', async () => {
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, bytes(10));
    const { accessKeyId } = await registry.client.config.credentials();
    const part = { repositoryName: NAME, uploadId, partFirstByte: 0, partLastByte: 9 };
    expect(seen).toEqual([
      { operation: 'InitiateLayerUpload', input: { repositoryName: NAME }, accessKeyId },
      { operation: 'UploadLayerPart', input: part, accessKeyId },
    ]);
  });

  it('on the docker side is answered in the docker form', async () => {
    next = { kind: 'throttle' };
    const throttled = await registry.docker('GET', `/v2/${NAME}/tags/list`);
    expect(throttled.status).toBe(429);
    expect(await throttled.json()).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'Rate exceeded' }] });
    next = { kind: 'reply-lost' };
    await expect(registry.docker('GET', '/v2/_catalog')).rejects.toThrow();
  });

  function hang(): Promise<void> {
    next = { kind: 'hang' };
    return new Promise((resolve) => {
      struck = resolve;
    });
  }

  it('that hangs is ended by the client', async () => {
    const hanging = hang();
    const { abort, signal } = abortable();
    const error = failureOf(
      registry.client.send(new ListImagesCommand({ repositoryName: NAME }), { abortSignal: signal }),
    );
    await hanging;
    expect((await list()).imageIds).toEqual([]);
    abort();
    expect((await error).name).toBe('AbortError');
  });

  it('that hangs is ended by closing', async () => {
    const hanging = hang();
    const error = failureOf(list());
    await hanging;
    await registry.ecr.close();
    expect((await error).message).toMatch(/socket hang up|ECONNRESET/);
  });
});

function abortable(): { abort: () => void; signal: AbortSignal } {
  const controller = new AbortController();
  return { abort: () => controller.abort(), signal: controller.signal };
}
