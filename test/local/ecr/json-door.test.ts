import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { createRepository, initiate } from './image-builders';
import { type Fixture, REGION, startRegistry } from './registry-fixture';

const NAME = 'team-a/app';

function signature(region = REGION, service = 'ecr'): string {
  const scope = `Credential=local/20260101/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

describe('the JSON API', () => {
  let registry: Fixture;
  beforeAll(async () => {
    registry = await startRegistry({ partSize: 7 });
    await createRepository(registry.client, NAME);
  });
  afterAll(() => registry.stop());

  async function post(operation: string, body: string, headers: Record<string, string | undefined> = {}) {
    const all = {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      Authorization: signature(),
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const response = await fetch(registry.origin, { method: 'POST', body, headers: sent });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  }

  it.each([
    ['no signature', undefined, 'MissingAuthenticationTokenException'],
    ['another kind of credentials', 'Basic QVdTOng=', 'IncompleteSignatureException'],
    ['a signature for another region', signature('us-east-1'), 'InvalidSignatureException'],
    ['a signature for another service', signature(REGION, 's3'), 'InvalidSignatureException'],
  ])('refuses %s', async (_, Authorization, name) => {
    const answer = await post('DescribeRepositories', '{}', { Authorization });
    expect(answer).toMatchObject({ status: 400, type: 'application/x-amz-json-1.1', body: { __type: name } });
  });

  it.each([
    ['an operation it does not have', 'StartImageScan', '{}', 'UnknownOperationException'],
    ['an operation named like a member of every object', 'constructor', '{}', 'UnknownOperationException'],
    ['a body that is no JSON', 'ListImages', '{', 'SerializationException'],
    ['a body that is no structure', 'ListImages', '[]', 'SerializationException'],
    ['a member of the wrong type', 'ListImages', '{"repositoryName":1}', 'SerializationException'],
    ['a blob that is not base64', 'UploadLayerPart', '{"layerPartBlob":"a?=="}', 'SerializationException'],
    ['a member that is missing', 'ListImages', '{}', 'InvalidParameterException'],
  ])('refuses %s', async (_, operation, body, name) => {
    expect(await post(operation, body)).toMatchObject({ status: 400, body: { __type: name } });
  });

  it('refuses another content type, as the version of the protocol is in it', async () => {
    const answer = await post('ListImages', '{}', { 'Content-Type': 'application/json' });
    expect(answer.body).toMatchObject({ __type: 'UnknownOperationException' });
  });

  it('takes a blob however the JSON around it is written', async () => {
    const uploadId = await initiate(registry.client, NAME);
    const parts = [
      `{"layerPartBlob":"YWI=","repositoryName":"${NAME}","uploadId":"${uploadId}","partFirstByte":0,"partLastByte":1}`,
      `{ "repositoryName": "${NAME}", "uploadId": "${uploadId}", "partFirstByte": 2, "partLastByte": 3, "layerPartBlob" : "YWI=" }`,
      `{"repositoryName":"${NAME}","uploadId":"${uploadId}","partFirstByte":4,"partLastByte":6,"layerPartBlob":"\\/\\/\\/\\/"}`,
    ];
    for (const part of parts) expect(await post('UploadLayerPart', part)).toMatchObject({ status: 200 });
    expect(registry.ecr.sent.uploads.get(uploadId)).toEqual({ bytesReceived: 7, bytesAccepted: 7 });
  });

  it('recommends the part size it was given', async () => {
    const { body } = await post('InitiateLayerUpload', JSON.stringify({ repositoryName: NAME }));
    expect(body).toMatchObject({ partSize: 7 });
  });

  it('names itself as the endpoint of a token that is good for twelve hours', async () => {
    const before = Date.now();
    const { authorizationData } = await registry.client.send(new GetAuthorizationTokenCommand({}));
    const [data] = authorizationData ?? [];
    expect(data?.proxyEndpoint).toBe(registry.origin);
    expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:\S+$/);
    const hours = ((data?.expiresAt?.getTime() ?? 0) - before) / 3_600_000;
    expect(hours).toBeCloseTo(12, 1);
  });

  it('is nowhere but at the root', async () => {
    expect((await fetch(`${registry.origin}/elsewhere`)).status).toBe(404);
  });
});
