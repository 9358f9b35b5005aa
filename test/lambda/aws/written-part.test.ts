import { ECRClient, UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import { PartBody, type PartHead } from '../../../lambda/aws/part-body';
import { sendWrittenPart } from '../../../lambda/aws/part-request';
import { RecordingEcr } from '../../support/recording-ecr';
import { expectedSignature, signatureOf } from '../../support/signature-v4';
import { noise } from '../../support/tar-content';

const SECRET = 'a-secret';
const MIB = 1024 * 1024;
const ecr = new RecordingEcr();
let endpoint: string;

beforeAll(async () => {
  endpoint = await ecr.listen();
  // Read by the client with its first call.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ECR: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: SECRET,
  });
});
afterAll(() => ecr.close());
beforeEach(() => ecr.requests.splice(0));

/** Sends the bytes as the product does, in pieces of the given size. */
async function send(head: PartHead, bytes: Buffer, pieceSize = bytes.length): Promise<unknown> {
  const body = PartBody.of(bytes.length);
  body.begin(head);
  for (let at = 0; at < bytes.length; at += pieceSize) body.append(bytes.subarray(at, at + pieceSize));
  return sendWrittenPart({ head, ...body.end() }).finally(() => body.release());
}

/** Sends the same with nothing but the SDK. */
async function sendWithSdk(head: PartHead, layerPartBlob: Buffer): Promise<unknown> {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: SECRET };
  const client = new ECRClient({ region: 'us-east-1', endpoint, credentials });
  return client.send(new UploadLayerPartCommand({ ...head, layerPartBlob })).finally(() => client.destroy());
}

function headOf(bytes: Buffer, registryId?: string): PartHead {
  const partFirstByte = 20 * 1024 * 1024;
  const partLastByte = partFirstByte + bytes.length - 1;
  return { registryId, repositoryName: 'team-a/app.x_y', uploadId: 'a1b2-"é"', partFirstByte, partLastByte };
}

test.each([
  { size: 1, pieceSize: 1, registryId: undefined },
  { size: 2, pieceSize: 1, registryId: '123456789012' },
  { size: 48 * 1024, pieceSize: 1000, registryId: undefined },
  { size: 48 * 1024 + 1, pieceSize: 48 * 1024, registryId: '123456789012' },
  { size: 1_000_003, pieceSize: 65_536, registryId: undefined },
])('a part of $size bytes in pieces of $pieceSize is the request that the SDK sends, byte for byte', async (shape) => {
  const bytes = Buffer.from(noise(shape.size, shape.size).slice(0, shape.size));
  const head = headOf(bytes, shape.registryId);
  ecr.answers = [{ status: 200, body: { lastByteReceived: head.partLastByte } }];
  const ours = await send(head, bytes, shape.pieceSize);
  const stock = await sendWithSdk(head, bytes);
  const [sent, expected] = ecr.requests;
  expect(sent?.body.equals(expected?.body as Buffer)).toBe(true);
  expect(Object.keys(sent?.headers ?? {}).sort()).toEqual(Object.keys(expected?.headers ?? {}).sort());
  for (const name of ['content-length', 'content-type', 'x-amz-target', 'x-amz-content-sha256']) {
    expect([name, sent?.headers[name]]).toEqual([name, expected?.headers[name]]);
  }
  expect(ours).toMatchObject({ lastByteReceived: (stock as { lastByteReceived: number }).lastByteReceived });
});

test.each([1, 9_999, 1_000_003])(
  'a part that ends after %d bytes, sooner than was said, is that request as well',
  async (size) => {
    const bytes = Buffer.from(noise(size, size).slice(0, size));
    const head = headOf(bytes, '123456789012');
    ecr.answers = [{ status: 200, body: { lastByteReceived: head.partLastByte } }];
    const body = PartBody.of(10 * MIB);
    body.begin({ ...head, partLastByte: head.partFirstByte + 1_000_000 * MIB });
    body.append(bytes);
    await sendWrittenPart({ head, ...body.endAs(head) }).finally(() => body.release());
    await sendWithSdk(head, bytes);
    const [sent, expected] = ecr.requests;
    expect(sent?.body.equals(expected?.body as Buffer)).toBe(true);
    expect(sent?.headers['x-amz-content-sha256']).toBe(expected?.headers['x-amz-content-sha256']);
  },
);

test('its signature is the one that the bytes on the wire ask for', async () => {
  const bytes = Buffer.from(noise(300_000, 3).slice(0, 300_000));
  ecr.answers = [{ status: 200, body: {} }];
  await send(headOf(bytes), bytes);
  const [request] = ecr.requests;
  if (!request) throw new Error('nothing arrived');
  expect(signatureOf(request)).toBe(expectedSignature(request, SECRET));
  expect(signatureOf(request)).not.toBe(expectedSignature({ ...request, body: Buffer.from('{}') }, SECRET));
});

test.each([
  ['a server fault', 500, 'ServerException'],
  ['throttling', 400, 'ThrottlingException'],
])('after %s the SDK sends the whole part again, signed anew', async (_, status, name) => {
  const bytes = Buffer.from(noise(600_000, 4).slice(0, 600_000));
  ecr.answers = [
    { status, body: { __type: name } },
    { status: 200, body: { lastByteReceived: 1 } },
  ];
  await expect(send(headOf(bytes), bytes)).resolves.toMatchObject({ $metadata: { attempts: 2 }, lastByteReceived: 1 });
  const [first, second] = ecr.requests;
  expect(second?.body.equals(first?.body as Buffer)).toBe(true);
  if (!second) throw new Error('nothing arrived twice');
  expect(signatureOf(second)).toBe(expectedSignature(second, SECRET));
});

test('memory that was released holds the next part', () => {
  const first = PartBody.of(1234);
  expect(PartBody.of(1234)).not.toBe(first);
  first.release();
  expect(PartBody.of(MIB)).toBe(first);
});

test('memory of another size is given up before more is taken', () => {
  const small = [PartBody.of(2 * MIB), PartBody.of(2 * MIB), PartBody.of(2 * MIB)];
  for (const body of small) body.release();
  const before = process.memoryUsage().arrayBuffers;
  const large = PartBody.of(6 * MIB);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MIB);
  expect(small).not.toContain(PartBody.of(2 * MIB));
  large.release();
  expect(PartBody.of(6 * MIB)).toBe(large);
});
