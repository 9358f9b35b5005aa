import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { codeOf, type RunningS3, SIGNED, startS3 } from './support/running-s3';

const NOW = Date.parse('2026-01-31T12:00:00Z');
let s3: RunningS3;
let client: S3Client;
let clock = NOW;

beforeAll(async () => {
  s3 = await startS3({ now: () => clock });
  client = s3.client();
  await s3.s3.createBucket('drop');
  await client.send(new PutObjectCommand({ Bucket: 'drop', Key: 'k', Body: 'hello' }));
});
beforeEach(() => {
  clock = NOW;
});
afterAll(() => s3.stop());

/** A presigned address; parameters set to the empty string are left out. */
function presigned(changes: Record<string, string> = {}): string {
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKID/20260131/us-east-1/s3/aws4_request',
    'X-Amz-Date': '20260131T115900Z',
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'b'.repeat(64),
    ...changes,
  };
  return `/drop/k?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))}`;
}

describe('a request', () => {
  test('without a signature is refused', async () => {
    expect(await s3.raw('GET', '/drop/k', { headers: {} })).toMatchObject({ status: 403 });
  });

  test.each([
    ['another scheme', { ...SIGNED, authorization: 'AWS AKID:c2ln' }, 'InvalidRequest'],
    [
      'a broken credential',
      { ...SIGNED, authorization: SIGNED.authorization.replace('/s3/', '/ecr/') },
      'AuthorizationHeaderMalformed',
    ],
    [
      'a broken signature',
      { ...SIGNED, authorization: SIGNED.authorization.slice(0, -1) },
      'AuthorizationHeaderMalformed',
    ],
    ['no date', { authorization: SIGNED.authorization, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, 'AccessDenied'],
    ['no payload hash', { authorization: SIGNED.authorization, 'x-amz-date': SIGNED['x-amz-date'] }, 'InvalidRequest'],
  ])('with %s is refused', async (_what, headers, code) => {
    expect(codeOf(await s3.raw('GET', '/drop/k', { headers }))).toBe(code);
  });

  test('with a signature in the header and another in the address is refused', async () => {
    expect(codeOf(await s3.raw('GET', presigned()))).toBe('InvalidRequest');
  });
});

describe('a presigned address', () => {
  test('is good until it expires', async () => {
    expect(await s3.raw('GET', presigned(), { headers: {} })).toMatchObject({ status: 200, body: 'hello' });
    clock = NOW + 241_000;
    const late = await s3.raw('GET', presigned(), { headers: {} });
    expect(late.status).toBe(403);
    expect(late.body).toContain('Request has expired');
  });

  test.each([
    ['X-Amz-Algorithm', 'AWS4-ECDSA'],
    ['X-Amz-Credential', 'AKID'],
    ['X-Amz-Date', 'yesterday'],
    ['X-Amz-Expires', '604801'],
    ['X-Amz-Expires', ''],
    ['X-Amz-SignedHeaders', ''],
    ['X-Amz-Signature', 'short'],
  ])('with %s = %j is refused', async (name, value) => {
    const answer = await s3.raw('GET', presigned({ [name]: value }), { headers: {} });
    expect(codeOf(answer)).toBe('AuthorizationQueryParametersError');
  });

  test('carries headers in its query', async () => {
    const put = presigned({ 'x-amz-meta-from': 'the query' });
    expect(await s3.raw('PUT', put, { headers: {}, body: 'hello' })).toMatchObject({ status: 200 });
    expect((await client.send(new GetObjectCommand({ Bucket: 'drop', Key: 'k' }))).Metadata).toEqual({
      from: 'the query',
    });
    const wrong = presigned({ 'x-amz-checksum-crc32': 'AAAAAA==' });
    expect(codeOf(await s3.raw('PUT', wrong, { headers: {}, body: 'hello' }))).toBe('BadDigest');
  });
});

describe('what this S3 does not do', () => {
  test.each([
    ['GET', '/drop?acl'],
    ['PUT', '/drop?policy'],
    ['GET', '/drop/k?tagging'],
    ['GET', '/drop/k?attributes'],
    ['POST', '/drop/k?restore'],
    ['POST', '/drop'],
    ['PATCH', '/drop/k'],
    ['PUT', '/'],
  ])('%s %s is answered 501', async (method, path) => {
    const answer = await s3.raw(method, path);
    expect([answer.status, codeOf(answer)]).toEqual([501, 'NotImplemented']);
    expect(answer.body).toContain('<RequestId>');
  });

  test('a path that is not percent-encoded UTF-8 is an invalid address', async () => {
    expect(codeOf(await s3.raw('GET', '/drop/%ff'))).toBe('InvalidURI');
  });

  test('a refusal of a HEAD request has no body', async () => {
    expect(await s3.raw('HEAD', '/drop/nowhere')).toMatchObject({ status: 404, body: '' });
  });

  test('a refused body is drained, and the connection goes on', async () => {
    const socket = await s3.socket();
    const send = (path: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { ...SIGNED, 'content-length': String(4 * 1024 * 1024) };
        const options = { method: 'PUT', path, headers, createConnection: () => socket };
        const req = request(options, (res) => res.resume().on('end', () => resolve(res.statusCode ?? 0)));
        req.on('error', reject).end(Buffer.alloc(4 * 1024 * 1024));
      });
    expect(await send('/no-such-bucket/k')).toBe(404);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});
