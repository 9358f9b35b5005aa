import { BatchCheckLayerAvailabilityCommand, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import {
  availability,
  bytes,
  CONFIG_TYPE,
  createRepository,
  failureOf,
  pushImage,
  pushLayer,
  sha256,
} from './image-builders';
import { ACCOUNT, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('the layers of a repository', () => {
  let registry: Fixture;
  let now = Date.parse('2026-01-01T00:00:00Z');

  beforeAll(async () => {
    registry = await startRegistry({ now: () => now });
    await createRepository(registry.client, NAME);
  });
  afterAll(() => registry.stop());

  const check = (...layerDigests: string[]) =>
    registry.client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName: NAME, layerDigests }));
  const urlOf = async (layerDigest: string) => {
    const command = new GetDownloadUrlForLayerCommand({ repositoryName: NAME, layerDigest });
    return (await registry.client.send(command)).downloadUrl ?? '';
  };

  it('are answered one by one: there, absent, or not asked for properly', async () => {
    const { config } = await pushImage(registry.client, NAME, 'checked');
    const { layers, failures } = await check(sha256(config), sha256('absent'), 'sha256:12', 'nonsense', '');
    expect(layers).toEqual([
      { layerDigest: sha256(config), layerAvailability: 'AVAILABLE', layerSize: config.length, mediaType: CONFIG_TYPE },
      { layerDigest: sha256('absent'), layerAvailability: 'UNAVAILABLE' },
    ]);
    expect(failures?.map((failure) => failure.failureCode)).toEqual([
      'InvalidLayerDigest',
      'InvalidLayerDigest',
      'MissingLayerDigest',
    ]);
  });

  it('are asked for a hundred at a time', async () => {
    const digests = Array.from({ length: 100 }, (_, index) => sha256(String(index)));
    expect((await check(...digests)).layers).toHaveLength(100);
    expect((await failureOf(check(...digests, sha256('one more')))).name).toBe('InvalidParameterException');
    expect((await failureOf(check())).name).toBe('InvalidParameterException');
  });

  it('can be downloaded once an image names them, whole and by range', async () => {
    const layer = bytes(1000, 'downloaded');
    await pushLayer(registry.client, NAME, layer);
    expect((await failureOf(urlOf(sha256(layer)))).name).toBe('LayerInaccessibleException');
    const { layer: named } = await pushImage(registry.client, NAME, 'named');
    const url = await urlOf(sha256(named));
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(named);
    const middle = await fetch(url, { headers: { Range: 'bytes=10-19' } });
    expect([middle.status, middle.headers.get('content-range')]).toEqual([206, 'bytes 10-19/1000']);
    expect(Buffer.from(await middle.arrayBuffer())).toEqual(named.subarray(10, 20));
    const tail = await fetch(url, { headers: { Range: 'bytes=-5' } });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(named.subarray(995));
    expect((await fetch(url, { headers: { Range: 'bytes=1000-' } })).status).toBe(416);
  });

  it('are not downloaded by an address that was altered or is an hour old', async () => {
    const { layer } = await pushImage(registry.client, NAME, 'expiring');
    const url = await urlOf(sha256(layer));
    const altered = await fetch(url.replace(sha256(layer), sha256('other')));
    expect([altered.status, await altered.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    now += 3600_000;
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  it('have no address while they are not there', async () => {
    expect(await failureOf(urlOf(sha256('absent')))).toMatchObject({
      name: 'LayersNotFoundException',
      message: `The layer with digest ${sha256('absent')} does not exist within the repository with name '${NAME}' in the registry with id '${ACCOUNT}'`,
    });
  });

  it('are collected when no image names them', async () => {
    const { layer, config } = await pushImage(registry.client, NAME, 'collected');
    const loose = await pushLayer(registry.client, NAME, bytes(10, 'loose'));
    expect(await registry.ecr.collectUnreferencedLayers(NAME)).toContain(loose);
    const digests = [loose, sha256(layer), sha256(config)];
    expect(await availability(registry.client, NAME, ...digests)).toEqual(['UNAVAILABLE', 'AVAILABLE', 'AVAILABLE']);
    expect(await registry.ecr.collectUnreferencedLayers('no-such-repository')).toEqual([]);
  });
});
