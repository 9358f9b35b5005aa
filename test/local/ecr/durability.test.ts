import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchGetImageCommand, DeleteRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import {
  availability,
  bytes,
  complete,
  createRepository,
  initiate,
  MIB,
  pushImage,
  pushLayer,
  sendPart,
  sha256,
} from './image-builders';
import { basic, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('the data of a registry', () => {
  let registry: Fixture;
  let dataDir: string;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ecr-data-'));
    registry = await startRegistry({ dataDir });
    await createRepository(registry.client, NAME);
  });
  afterEach(async () => {
    await registry.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('outlives a restart: layers, images and tags', async () => {
    const image = await pushImage(registry.client, NAME, 'kept', '1.0');
    await registry.restart();
    expect(await availability(registry.client, NAME, sha256(image.layer))).toEqual(['AVAILABLE']);
    const imageIds = [{ imageTag: '1.0' }];
    const { images } = await registry.client.send(new BatchGetImageCommand({ repositoryName: NAME, imageIds }));
    expect(images?.map((found) => found.imageManifest)).toEqual([image.manifest]);
    const { imageDetails } = await registry.client.send(new DescribeImagesCommand({ repositoryName: NAME }));
    expect(imageDetails?.map((detail) => detail.imageTags)).toEqual([['1.0']]);
  });

  it('outlives a restart in the middle of an upload, whatever a crash left behind the last part', async () => {
    const layer = bytes(6 * MIB, 'interrupted');
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, layer.subarray(0, 5 * MIB));
    appendFileSync(join(dataDir, 'uploads', uploadId, 'bytes'), bytes(2 * MIB, 'torn'));
    await registry.restart();
    await sendPart(registry.client, NAME, uploadId, 5 * MIB, layer.subarray(5 * MIB));
    await complete(registry.client, NAME, uploadId, sha256(layer));
    const head = await registry.docker('HEAD', `/v2/${NAME}/blobs/${sha256(layer)}`, { headers: basic('x') });
    expect(head.headers.get('content-length')).toBe(String(layer.length));
    expect(readdirSync(join(dataDir, 'blobs', 'sha256'))).toEqual([sha256(layer).slice('sha256:'.length)]);
  });

  it('holds the bytes of a layer once, and until the last repository that has them is gone', async () => {
    const layer = bytes(1000, 'shared');
    await createRepository(registry.client, 'other');
    await pushLayer(registry.client, NAME, layer);
    expect(await availability(registry.client, 'other', sha256(layer))).toEqual(['UNAVAILABLE']);
    await pushLayer(registry.client, 'other', layer);
    const file = join(dataDir, 'blobs', 'sha256', sha256(layer).slice('sha256:'.length));
    await registry.client.send(new DeleteRepositoryCommand({ repositoryName: NAME }));
    expect(existsSync(file)).toBe(true);
    await registry.client.send(new DeleteRepositoryCommand({ repositoryName: 'other' }));
    expect(existsSync(file)).toBe(false);
  });

  it('has no bytes left of an upload that was completed or forgotten', async () => {
    await pushLayer(registry.client, NAME, bytes(10));
    const uploadId = await initiate(registry.client, NAME);
    await sendPart(registry.client, NAME, uploadId, 0, bytes(10));
    registry.ecr.forgetUpload(uploadId);
    await registry.ecr.close();
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });

  it('takes the longest repository name there is', async () => {
    const name = 'a'.repeat(256);
    await createRepository(registry.client, name);
    await registry.restart();
    expect(await availability(registry.client, name, sha256('none'))).toEqual(['UNAVAILABLE']);
  });
});
