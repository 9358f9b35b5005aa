import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  bytes,
  createRepository,
  descriptor,
  indexOf,
  manifestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  pushImage,
  pushLayer,
  putImage,
  sha256,
} from './image-builders';
import { basic, type Fixture, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

describe('a docker client that pulls', () => {
  let registry: Fixture;
  let image: Awaited<ReturnType<typeof pushImage>>;
  let now = Date.parse('2026-01-01T00:00:00Z');

  beforeAll(async () => {
    registry = await startRegistry({ now: () => now });
    await createRepository(registry.client, NAME);
    image = await pushImage(registry.client, NAME, 'pulled', '1.0');
    await putImage(registry.client, NAME, indexOf([image.manifest]), 'multi');
  });
  afterAll(() => registry.stop());

  it.each([
    ['no credentials', { Authorization: '' }],
    ['another user', basic('x', 'someone')],
    ['no password', basic('')],
    ['a forged token', basic(`slipway-ecr.eu-central-1.9999999999999.${'0'.repeat(64)}`)],
  ])('is asked to log in where it has %s', async (_, headers) => {
    const response = await registry.docker('GET', '/v2/', { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Basic realm="${registry.origin}/",service="ecr.amazonaws.com"`,
    );
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect((await response.text()).trim()).toBe('Not Authorized');
  });

  it('logs in with a token until it expires', async () => {
    const { authorizationData } = await registry.client.send(new GetAuthorizationTokenCommand({}));
    const headers = { Authorization: `Basic ${authorizationData?.[0]?.authorizationToken}` };
    expect((await registry.docker('GET', '/v2/', { headers })).status).toBe(200);
    now += 12 * 3600 * 1000;
    const late = await registry.docker('GET', '/v2/', { headers });
    expect(late.status).toBe(403);
    expect(await late.text()).toBe('Your authorization token has expired. Reauthenticate and try again.');
  });

  it('logs in with any password that is not one of our tokens', async () => {
    expect((await registry.docker('GET', '/v2/')).status).toBe(200);
  });

  it('gets a manifest by tag and digest, with its digest in a header of HEAD alone', async () => {
    for (const reference of ['1.0', image.digest]) {
      const path = `/v2/${NAME}/manifests/${reference}`;
      const head = await registry.docker('HEAD', path);
      expect(head.headers.get('docker-content-digest')).toBe(image.digest);
      expect(head.headers.get('content-length')).toBe(String(image.manifest.length));
      const got = await registry.docker('GET', path);
      expect(got.headers.get('docker-content-digest')).toBeNull();
      expect(got.headers.get('content-type')).toBe(OCI_MANIFEST);
      expect(await got.text()).toBe(image.manifest);
    }
    const index = await registry.docker('GET', `/v2/${NAME}/manifests/multi`);
    expect(index.headers.get('content-type')).toBe(OCI_INDEX);
  });

  it('is sent on to a presigned address for a blob, where it needs no credentials', async () => {
    const path = `/v2/${NAME}/blobs/${sha256(image.layer)}`;
    const head = await registry.docker('HEAD', path);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
    const redirect = await registry.docker('GET', path);
    expect(redirect.status).toBe(307);
    const location = redirect.headers.get('location') ?? '';
    expect(location.startsWith(`${registry.origin}/v2-blobs/`)).toBe(true);
    expect(Buffer.from(await (await fetch(location)).arrayBuffer())).toEqual(image.layer);
  });

  it.each([
    [
      'a manifest that is not there',
      `/v2/${NAME}/manifests/absent`,
      404,
      'MANIFEST_UNKNOWN',
      'Requested image not found',
    ],
    ['a repository that is not there', '/v2/absent/manifests/1.0', 404, 'NAME_UNKNOWN', "name 'absent' does not exist"],
    ['a blob that is not there', `/v2/${NAME}/blobs/${sha256('absent')}`, 404, 'BLOB_UNKNOWN', 'does not exist'],
    ['a tag that cannot be', `/v2/${NAME}/manifests/not+legal`, 400, 'MANIFEST_INVALID', 'not+legal'],
    ['a page too long', '/v2/_catalog?n=1001', 405, 'UNSUPPORTED', 'less than or equal to 1000'],
    ['a path that is not there', '/v2/somewhere', 404, 'UNSUPPORTED', 'nothing at this path'],
    ['a path that is none', '/v2/%ff', 400, 'UNSUPPORTED', 'not a path'],
  ])('is told of %s', async (_, path, status, code, message) => {
    const response = await registry.docker('GET', path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: [{ code, message: expect.stringContaining(message) }] });
  });

  it('lists tags and repositories, page by page', async () => {
    await createRepository(registry.client, 'another');
    const tags = await registry.docker('GET', `/v2/${NAME}/tags/list`);
    expect(tags.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await tags.json()).toEqual({ name: NAME, tags: ['1.0', 'multi'] });
    const first = await registry.docker('GET', '/v2/_catalog?n=1');
    expect(await first.json()).toEqual({ repositories: ['another'] });
    const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await registry.docker('GET', next.slice(registry.origin.length));
    expect(await second.json()).toEqual({ repositories: [NAME] });
    expect(second.headers.get('link')).toBeNull();
  });

  it('lists the referrers of an image, by type where it asks for one', async () => {
    const empty = '{}';
    const payload = bytes(20, 'signature');
    for (const blob of [empty, payload]) await pushLayer(registry.client, NAME, blob);
    const subject = descriptor(image.manifest, OCI_MANIFEST);
    const annotations = { by: 'us' };
    const signature = manifestOf(empty, [payload], { artifactType: 'application/sig', subject, annotations });
    const sbom = manifestOf(empty, [payload], { config: descriptor(empty, 'application/sbom'), subject });
    for (const manifest of [signature, sbom]) await putImage(registry.client, NAME, manifest);

    const all = await registry.docker('GET', `/v2/${NAME}/referrers/${image.digest}`);
    expect(all.headers.get('content-type')).toBe(OCI_INDEX);
    expect(await all.json()).toEqual({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        { ...descriptor(signature, OCI_MANIFEST), artifactType: 'application/sig', annotations },
        { ...descriptor(sbom, OCI_MANIFEST), artifactType: 'application/sbom' },
      ],
    });
    const some = await registry.docker('GET', `/v2/${NAME}/referrers/${image.digest}?artifactType=application/sbom`);
    expect(some.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await some.json()).toMatchObject({ manifests: [{ digest: sha256(sbom) }] });
    const none = await registry.docker('GET', `/v2/${NAME}/referrers/${sha256('nothing')}`);
    expect(await none.json()).toMatchObject({ manifests: [] });
  });
});
