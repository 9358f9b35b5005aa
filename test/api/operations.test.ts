import { ociLayout } from '../support/oci-layout-builder';
import { RunningSlipway } from '../support/running-slipway';
import { SignedClient } from './signed-client';

// Five functions start for the first time.
jest.setTimeout(180_000);

let slipway: RunningSlipway;
let api: SignedClient;
beforeAll(async () => {
  slipway = await RunningSlipway.start({
    stack: { drops: [{ prefix: 'team-a/', repositories: ['team-a/*'], createRepositories: {} }] },
  });
  api = new SignedClient(slipway.cloud.apiUrl);
});
afterAll(() => slipway.stop());

/** A tarball that lies in the drop bucket, and starts nothing there that could succeed. */
async function source(key: string, bytes = ociLayout({ seed: 1, layers: 3 }).tarball.toBuffer()) {
  const versionId = await slipway.put(key, bytes, { 'slipway-repository': 'elsewhere/denied' });
  await slipway.cloud.idle();
  return { bucket: slipway.cloud.dropBucket, key, versionId };
}

describe('POST /pushes', () => {
  test('starts a push that GET /pushes/{id} follows to its result, layer by layer', async () => {
    const layout = ociLayout({ seed: 2, layers: 3 });
    const from = await source('team-a/app/1.tar', layout.tarball.toBuffer());
    const started = await api.post('pushes', { source: from, repository: 'team-a/app', tags: ['1'] });
    expect(started).toMatchObject({ status: 202, body: { status: 'RUNNING', id: expect.any(String) } });
    await slipway.cloud.idle();
    const { status, body } = await api.get(`pushes/${started.body.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: started.body.id,
      executionArn: started.body.executionArn,
      status: 'SUCCEEDED',
      subject: `s3://${from.bucket}/team-a/app/1.tar`,
      result: { result: 'SUCCEEDED', images: [{ repository: 'team-a/app', digest: layout.digest }] },
      images: [{ repository: 'team-a/app', tags: ['1'], state: 'pushed', digest: layout.digest }],
    });
    expect(body.images[0].layers).toHaveLength(4);
    for (const layer of body.images[0].layers) expect(layer).toMatchObject({ state: 'done', sent: layer.size });
  });

  test('with a client token starts one push, however often it is sent, before and after its end', async () => {
    const request = { source: await source('team-a/token/1.tar'), repository: 'team-a/token', tags: ['1'] };
    const first = await api.post('pushes', { ...request, clientToken: 'token-1' });
    const meanwhile = await api.post('pushes', { clientToken: 'token-1', ...request });
    await slipway.cloud.idle();
    const { tags, repository, source: from } = request;
    const after = await api.post('pushes', { tags, clientToken: 'token-1', repository, source: from });
    expect([first.status, meanwhile.status, after.status]).toEqual([202, 202, 202]);
    expect(first.body.id).toMatch(/^token-1-[0-9a-f]{24}$/);
    expect([meanwhile.body.id, after.body.id]).toEqual([first.body.id, first.body.id]);
    expect(after.body).toMatchObject({ status: 'SUCCEEDED', stoppedAt: expect.any(String) });
  });

  test('with a client token that came before, with another body, is 409', async () => {
    const request = { source: await source('team-a/token/2.tar'), repository: 'team-a/token', clientToken: 'token-2' };
    const first = await api.post('pushes', { ...request, tags: ['2'] });
    const second = await api.post('pushes', { ...request, tags: ['3'] });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'ClientTokenReused', message: expect.stringContaining(first.body.id), remedy: expect.any(String) },
    });
    await slipway.cloud.idle();
    expect(Object.keys(await slipway.images())).not.toContain('team-a/token:3');
  });
});

describe('GET /pushes/{id}', () => {
  test('tells the diagnosis of a push that failed', async () => {
    const request = { source: await source('team-a/fail/1.tar'), repository: 'team-b/app', tags: ['1'] };
    const { body } = await api.post('pushes', request);
    await slipway.cloud.idle();
    expect((await api.get(`pushes/${body.id}`)).body).toMatchObject({
      status: 'FAILED',
      images: [],
      diagnosis: { code: 'DestinationDenied', remedy: expect.any(String) },
    });
  });

  test('of a push that there is not is 404', async () => {
    expect(await api.get('pushes/none')).toMatchObject({ status: 404, body: { code: 'PushNotFound' } });
  });
});

describe('GET /pushes', () => {
  test('lists newest first, by pages, and of one status', async () => {
    const request = { source: await source('team-a/list/1.tar'), repository: 'team-a/list', tags: ['1'] };
    const older = await api.post('pushes', request);
    const newer = await api.post('pushes', { ...request, repository: 'team-b/denied' });
    await slipway.cloud.idle();
    const first = await api.get('pushes?limit=1');
    const second = await api.get(`pushes?limit=1&nextToken=${encodeURIComponent(first.body.nextToken)}`);
    expect([first, second].map(({ body }) => body.pushes[0].id)).toEqual([newer.body.id, older.body.id]);
    const failed = await api.get('pushes?status=FAILED&limit=100');
    expect(new Set(failed.body.pushes.map(({ status }: { status: string }) => status))).toEqual(new Set(['FAILED']));
    expect(failed.body.pushes[0].id).toBe(newer.body.id);
  });

  test.each(['status=BROKEN', 'limit=0', 'limit=101', 'limit=ten', 'nextToken=none', 'prefix=team-a'])(
    '?%s is RequestInvalid',
    async (query) => {
      const name = query.split('=')[0];
      expect(await api.get(`pushes?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'RequestInvalid', message: expect.stringContaining(name ?? '') },
      });
    },
  );
});

describe('POST /pushes/{id}/stop', () => {
  test('ends a push that is under way, which then tells the images that it did not come to', async () => {
    slipway.cloud.faults.add({ service: 'ecr', operation: 'InitiateLayerUpload', times: 9, fault: { kind: 'hang' } });
    const request = { source: await source('team-a/stop/1.tar'), repository: 'team-a/stop', tags: ['1'] };
    const { body: push } = await api.post('pushes', request);
    let underWay = await api.get(`pushes/${push.id}`);
    // Layers are known before any of them is sent.
    while (underWay.body.step !== 'UploadLayers') underWay = await api.get(`pushes/${push.id}`);
    expect(underWay.body).toMatchObject({ status: 'RUNNING', images: [{ state: 'pushing' }] });
    expect(underWay.body.images[0].layers[0]).toMatchObject({ state: 'waiting', sent: 0 });
    const stopped = await api.post(`pushes/${push.id}/stop`, { reason: 'the wrong tarball' });
    slipway.cloud.faults.clear();
    expect(stopped).toMatchObject({ status: 200, body: { id: push.id, status: 'ABORTED' } });
    expect((await api.get(`pushes/${push.id}`)).body).toMatchObject({
      status: 'ABORTED',
      images: [{ repository: 'team-a/stop', state: 'unpushed' }],
    });
    expect(await api.post(`pushes/${push.id}/stop`, {})).toMatchObject({ status: 409, body: { code: 'PushEnded' } });
  });
});

describe('POST /drops/{drop}', () => {
  test('gives a URL that takes the tarball, which starts a push', async () => {
    const layout = ociLayout({ seed: 7 });
    const bytes = layout.tarball.toBuffer();
    const { status, body } = await api.post('drops/team-a', { key: 'dropped/1.tar', size: bytes.length });
    expect(status).toBe(201);
    expect(body).toMatchObject({ method: 'PUT', bucket: slipway.cloud.dropBucket, key: 'team-a/dropped/1.tar' });
    const put = await fetch(body.url, { method: body.method, headers: body.headers, body: bytes });
    expect(put.status).toBe(200);
    await slipway.cloud.idle();
    expect((await slipway.images())['team-a/dropped:1']).toBe(layout.digest);
  });

  test('binds bucket, key and length in the signature, and expires', async () => {
    const { body } = await api.post('drops/team-a', { key: 'dropped/2.tar', size: 1234 });
    const url = new URL(body.url);
    expect(url.pathname).toBe(`/${slipway.cloud.dropBucket}/team-a/dropped/2.tar`);
    expect(url.searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual(['content-length', 'host']);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(body.headers).toEqual({ 'content-length': '1234' });
  });
});
