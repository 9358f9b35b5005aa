import { RunningSlipway } from '../support/running-slipway';
import { SignedClient } from './signed-client';

jest.setTimeout(180_000);

let slipway: RunningSlipway;
let api: SignedClient;
let calls: () => number;
beforeAll(async () => {
  slipway = await RunningSlipway.start({
    stack: { drops: [{ prefix: 'team-a/', repositories: ['team-a/*'] }] },
  });
  api = new SignedClient(slipway.cloud.apiUrl);
  calls = () => slipway.cloud.measure().reduce((sum, { invocations }) => sum + invocations, 0);
});
afterAll(() => slipway.stop());

const SOURCE = { bucket: 'drop-bucket', key: 'team-a/app/1.tar' };

describe('who one is', () => {
  const operations = [
    'GET pushes',
    'POST pushes',
    'GET pushes/x',
    'POST pushes/x/stop',
    'POST drops',
    'POST drops/team-a',
  ];

  test.each(operations)('%s without a signature is 403, and runs nothing', async (line) => {
    const [method = '', path = ''] = line.split(' ');
    const before = calls();
    const response = await fetch(new URL(path, slipway.cloud.apiUrl), { method });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'CredentialsInvalid',
      remedy: expect.stringContaining('Sign'),
    });
    expect(calls()).toBe(before);
  });

  test.each<[string, ConstructorParameters<typeof SignedClient>[1], string]>([
    ['signed with a wrong secret', { secretAccessKey: 'wrong' }, 'does not match'],
    ['of an access key that nobody has', { accessKeyId: 'AKIANOBODY' }, 'security token'],
    ['signed for another service', { service: 'states' }, "'execute-api'"],
    ['signed for another region', { region: 'eu-west-1' }, "'us-east-1'"],
    ['signed an hour ago', { signingDate: new Date(Date.now() - 3_600_000) }, 'expired'],
  ])('a request %s is 403, and runs nothing', async (_, options, message) => {
    const before = calls();
    const answer = await new SignedClient(slipway.cloud.apiUrl, options).get('pushes');
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'CredentialsInvalid', message: expect.stringContaining(message) },
    });
    expect(calls()).toBe(before);
  });

  test('a body that was changed on its way is 403', async () => {
    const client = new SignedClient(slipway.cloud.apiUrl);
    const original = global.fetch;
    const spy = jest
      .spyOn(global, 'fetch')
      .mockImplementationOnce((url, init) => original(url, { ...init, body: '{}' }));
    expect(await client.post('pushes', { source: SOURCE })).toMatchObject({ status: 403 });
    spy.mockRestore();
  });

  test.each(['', 'pushs', 'pushes/x/y', 'drops/team-a/'])(
    'the path /%s, which there is not or which names nothing, is refused',
    async (path) => {
      expect((await api.get(path)).status).toBe(403);
    },
  );
});

describe('the body of POST /pushes', () => {
  test.each<[string, unknown, string]>([
    ['nothing', {}, 'source'],
    ['no JSON', '{"source":', 'JSON'],
    ['no object', [], 'object'],
    ['an unknown field', { source: SOURCE, platform: 'linux/arm64' }, 'platform'],
    ['an unknown field of the source', { source: { ...SOURCE, region: 'us-east-1' } }, 'region'],
    ['a source without bucket', { source: { key: 'x.tar' } }, 'bucket'],
    ['a bucket of two letters', { source: { ...SOURCE, bucket: 'ab' } }, 'bucket'],
    ['an empty key', { source: { ...SOURCE, key: '' } }, 'key'],
    ['a key of 1025 letters', { source: { ...SOURCE, key: 'k'.repeat(1025) } }, 'key'],
    ['an empty versionId', { source: { ...SOURCE, versionId: '' } }, 'versionId'],
    ['a repository that is a number', { source: SOURCE, repository: 5 }, 'repository'],
    ['no tags at all', { source: SOURCE, tags: [] }, 'tags'],
    ['an empty tag', { source: SOURCE, tags: [''] }, 'tags'],
    ['a registry id of eleven digits', { source: SOURCE, registryId: '12345678901' }, 'registryId'],
    ['a way to verify that there is not', { source: SOURCE, verify: 'never' }, 'verify'],
    ['a way with what is missing that there is not', { source: SOURCE, missing: 'ignore' }, 'missing'],
    ['a platform without architecture', { source: SOURCE, missing: 'only', platforms: ['linux'] }, 'platforms'],
    ['platforms without "only"', { source: SOURCE, platforms: ['linux/amd64'] }, 'platforms'],
    ['layers that there are not', { source: SOURCE, layers: 'squash' }, 'layers'],
    ['a compression that there is not', { source: SOURCE, compression: 'xz' }, 'compression'],
    [
      'a compression of layers that are preserved',
      { source: SOURCE, layers: 'preserve', compression: 'gzip' },
      'compress',
    ],
    ['a client token with a space', { source: SOURCE, clientToken: 'a b' }, 'clientToken'],
  ])('with %s is 400, names it, and starts nothing', async (_, body, name) => {
    expect(await api.post('pushes', body)).toMatchObject({
      status: 400,
      body: { code: 'RequestInvalid', message: expect.stringContaining(name), remedy: expect.any(String) },
    });
    expect(await slipway.executions()).toEqual([]);
  });
});

describe('the body of POST /drops/{drop}', () => {
  test.each<[string, unknown, string]>([
    ['nothing', {}, 'key'],
    ['no size', { key: 'app/1.tar' }, 'size'],
    ['a size of 0', { key: 'app/1.tar', size: 0 }, 'size'],
    ['more than S3 takes in one PUT', { key: 'app/1.tar', size: 5 * 1024 ** 3 + 1 }, 'size'],
    ['a size that is text', { key: 'app/1.tar', size: '5' }, 'size'],
    ['an unknown field', { key: 'app/1.tar', size: 5, bucket: 'other' }, 'bucket'],
  ])('with %s is 400, and names it', async (_, body, name) => {
    expect(await api.post('drops/team-a', body)).toMatchObject({
      status: 400,
      body: { code: 'RequestInvalid', message: expect.stringContaining(name) },
    });
  });
});

describe('an upload outside the drop', () => {
  test.each(['../team-b/app/1.tar', 'app/../../team-b/1.tar', '/app/1.tar', 'app//1.tar', './1.tar', 'app/', '.tar'])(
    'under the key %s is KeyInvalid',
    async (key) => {
      const answer = await api.post('drops/team-a', { key, size: 5 });
      expect(answer).toMatchObject({ status: 400, body: { code: 'KeyInvalid', remedy: expect.any(String) } });
    },
  );

  test.each([
    'drops',
    'drops/team',
    'drops/team-ab',
    'drops/team-a/app',
    'drops/Team-A',
    'drops/team-a%2F..%2Fteam-b',
    'drops/*',
  ])('by POST /%s, which is no drop, is DropNotFound', async (path) => {
    const answer = await api.post(path, { key: 'app/1.tar', size: 5 });
    expect(answer).toMatchObject({
      status: 404,
      body: { code: 'DropNotFound', message: expect.stringContaining('"team-a"') },
    });
  });
});

test.each(['none', 'a'.repeat(80)])('stop of push %s, which there is not, is 404', async (id) => {
  expect(await api.post(`pushes/${id}/stop`, {})).toMatchObject({ status: 404, body: { code: 'PushNotFound' } });
});
