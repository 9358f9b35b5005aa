import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import {
  availability,
  bytes,
  complete,
  createRepository,
  failureOf,
  initiate,
  MIB,
  pushLayer,
  sendPart,
  sha256,
} from './image-builders';
import { ACCOUNT, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';
const UNKNOWN_ID = '4eb64aee-14ee-aae4-0000-000000000000';

describe('a layer upload', () => {
  let registry: Fixture;
  let now = Date.parse('2026-01-01T00:00:00Z');

  beforeAll(async () => {
    registry = await startRegistry({ now: () => now, uploadLifetime: 3600, dropSiblings: true });
    await createRepository(registry.client, NAME);
    await createRepository(registry.client, 'other');
  });
  afterAll(() => registry.stop());

  it('becomes a layer from parts of any size not below 5 MiB, the last one shorter', async () => {
    const layer = bytes(12 * MIB + 7, 'parts');
    const uploadId = await initiate(registry.client, NAME);
    const sizes = [5 * MIB, 7 * MIB, 7];
    let at = 0;
    for (const size of sizes) {
      const { lastByteReceived } = await sendPart(registry.client, NAME, uploadId, at, layer.subarray(at, at + size));
      at += size;
      expect(lastByteReceived).toBe(at - 1);
    }
    const { layerDigest } = await complete(registry.client, NAME, uploadId, sha256(layer));
    expect(layerDigest).toBe(sha256(layer));
    expect(await availability(registry.client, NAME, sha256(layer))).toEqual(['AVAILABLE']);
  });

  it('refuses a part out of turn and says where it stands', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const early = await failureOf(sendPart(registry.client, NAME, uploadId, 100, bytes(10)));
    expect(early).toMatchObject({
      name: 'InvalidLayerPartException',
      message: 'First byte of the layer part is 100 instead of 0',
      registryId: ACCOUNT,
      repositoryName: NAME,
      uploadId,
      lastValidByteReceived: 0,
    });
    await sendPart(registry.client, NAME, uploadId, 0, bytes(10));
    const replayed = await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10)));
    expect(replayed).toMatchObject({
      message: 'First byte of the layer part is 0 instead of 10',
      lastValidByteReceived: 9,
    });
  });

  it('takes one of two identical parts that arrive at once', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const part = bytes(2 * MIB, 'twins');
    const outcomes = await Promise.allSettled([0, 0].map((at) => sendPart(registry.client, NAME, uploadId, at, part)));
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const { layerDigest } = await complete(registry.client, NAME, uploadId, sha256(part));
    expect(layerDigest).toBe(sha256(part));
  });

  it('refuses a part that is not as long as it says, or has no bytes', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const part = { repositoryName: NAME, uploadId, partFirstByte: 0, partLastByte: 10 };
    const send = (length: number) =>
      failureOf(registry.client.send(new UploadLayerPartCommand({ ...part, layerPartBlob: bytes(length) })));
    expect((await send(10)).name).toBe('InvalidLayerPartException');
    expect((await send(0)).name).toBe('InvalidLayerPartException');
  });

  it('refuses more than 10 MiB by the quota and more than 20 MiB by the API model', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const overQuota = await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(10 * MIB + 1)));
    expect(overQuota.name).toBe('InvalidLayerPartException');
    const overModel = await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(20 * MIB + 1)));
    expect(overModel).toMatchObject({
      name: 'InvalidParameterException',
      message:
        "Invalid parameter at 'layerPartBlob' failed to satisfy constraint: 'must have length less than or equal to 20971520'",
    });
  });

  it('finds a short part in the middle only at its completion', async () => {
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, bytes(5 * MIB - 1));
    await sendPart(registry.client, NAME, uploadId, 5 * MIB - 1, bytes(1));
    expect(await failureOf(complete(registry.client, NAME, uploadId, sha256('any')))).toMatchObject({
      name: 'LayerPartTooSmallException',
      message: 'All layer parts except the last part should be at least 5MB',
    });
  });

  it('cannot be completed without a part', async () => {
    const uploadId = await initiate(registry.client, NAME);
    expect(await failureOf(complete(registry.client, NAME, uploadId, sha256('')))).toMatchObject({
      name: 'EmptyUploadException',
      message: `The upload with id '${uploadId}' in the repository with name '${NAME}' in registry with id '${ACCOUNT}' cannot be completed because it does not have any parts`,
    });
  });

  it('is completed by any one matching digest, and answers its sha256', async () => {
    const layer = bytes(100, 'sha512');
    const sha512 = `sha512:${createHash('sha512').update(layer).digest('hex')}`;
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, layer);
    expect(await failureOf(complete(registry.client, NAME, uploadId, sha256('wrong'), 'sha999:ab'))).toMatchObject({
      name: 'InvalidLayerException',
      message: 'None of the provided layer digests match the calculated layer digest',
    });
    const { layerDigest } = await complete(registry.client, NAME, uploadId, sha256('wrong'), sha512);
    expect(layerDigest).toBe(sha256(layer));
  });

  it('is gone once completed, also when the layer was there before', async () => {
    const layer = bytes(100, 'twice');
    await pushLayer(registry.client, NAME, layer);
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, layer);
    const again = await failureOf(complete(registry.client, NAME, uploadId, sha256(layer)));
    expect(again.name).toBe('LayerAlreadyExistsException');
    expect(await failureOf(complete(registry.client, NAME, uploadId, sha256(layer)))).toMatchObject({
      name: 'UploadNotFoundException',
      message: `The upload with id '${uploadId}' in the repository with name '${NAME}' in registry with id '${ACCOUNT}' does not exist`,
    });
  });

  it('is unknown to other repositories, and after it was forgotten', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const elsewhere = await failureOf(sendPart(registry.client, 'other', uploadId, 0, bytes(1)));
    expect(elsewhere.name).toBe('UploadNotFoundException');
    registry.ecr.forgetUpload(uploadId);
    const forgotten = await failureOf(sendPart(registry.client, NAME, uploadId, 0, bytes(1)));
    expect(forgotten.name).toBe('UploadNotFoundException');
    const never = await failureOf(sendPart(registry.client, NAME, UNKNOWN_ID, 0, bytes(1)));
    expect(never.name).toBe('UploadNotFoundException');
  });

  it('expires where a lifetime is set', async () => {
    const uploadId = await initiate(registry.client, NAME);
    now += 3599_000;
    await sendPart(registry.client, NAME, uploadId, 0, bytes(1));
    now += 1000;
    const late = await failureOf(sendPart(registry.client, NAME, uploadId, 1, bytes(1)));
    expect(late.name).toBe('UploadNotFoundException');
  });

  it('vanishes when another writer of the same bytes completes, where that is asked for', async () => {
    const layer = bytes(6 * MIB, 'siblings');
    const [first, sibling, stranger] = await Promise.all([0, 1, 2].map(() => initiate(registry.client, NAME)));
    for (const uploadId of [first, sibling]) {
      await sendPart(registry.client, NAME, uploadId ?? '', 0, layer.subarray(0, 5 * MIB));
    }
    await sendPart(registry.client, NAME, stranger ?? '', 0, bytes(5 * MIB, 'stranger'));
    await sendPart(registry.client, NAME, first ?? '', 5 * MIB, layer.subarray(5 * MIB));
    await complete(registry.client, NAME, first ?? '', sha256(layer));
    const lost = await failureOf(sendPart(registry.client, NAME, sibling ?? '', 5 * MIB, layer.subarray(5 * MIB)));
    expect(lost.name).toBe('UploadNotFoundException');
    const kept = await sendPart(registry.client, NAME, stranger ?? '', 5 * MIB, bytes(1));
    expect(kept.lastByteReceived).toBe(5 * MIB);
  });
});

describe('the limits of an upload', () => {
  it('takes 4,200 parts and not one more', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ecr-data-'));
    const registry = await startRegistry({ dataDir });
    await createRepository(registry.client, NAME);
    const uploadId = await initiate(registry.client, NAME);
    // As after 4,199 parts, which would take seconds to send.
    const file = join(dataDir, 'uploads', uploadId, 'upload.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), parts: 4199 }));
    await registry.restart();
    await sendPart(registry.client, NAME, uploadId, 0, bytes(1));
    const last = await failureOf(sendPart(registry.client, NAME, uploadId, 1, bytes(1)));
    expect(last.name).toBe('LimitExceededException');
    await registry.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('takes parts of up to 20 MiB where the quota is not enforced', async () => {
    const registry = await startRegistry({ strictPartSize: false, partSize: 6 * MIB });
    await createRepository(registry.client, NAME);
    const layer = bytes(11 * MIB);
    expect(await pushLayer(registry.client, NAME, layer, layer.length)).toBe(sha256(layer));
    await registry.stop();
  });
});
