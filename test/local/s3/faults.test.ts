import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Fault, FaultCall } from '../../../local/s3';
import { type RunningS3, refusal, startS3 } from './support/running-s3';

let s3: RunningS3;
let client: S3Client;
let script: Fault[] = [];
let calls: FaultCall[] = [];

beforeEach(async () => {
  script = [];
  calls = [];
  s3 = await startS3({
    faults: (call) => {
      calls.push(call);
      return script.shift();
    },
  });
  client = s3.client();
  await s3.s3.createBucket('drop');
});
afterEach(() => s3.stop());

const place = { Bucket: 'drop', Key: 'k' };
const put = (body = 'hello') => client.send(new PutObjectCommand({ ...place, Body: body }));
const text = async () => (await client.send(new GetObjectCommand(place))).Body?.transformToString();

describe('a fault', () => {
  test('is asked for with the operation, its parameters and the key id of the caller', async () => {
    const { accessKeyId } = await client.config.credentials();
    await put();
    await client.send(new GetObjectCommand({ ...place, Range: 'bytes=0-1' }));
    expect(calls).toEqual([
      { operation: 'PutObject', input: expect.objectContaining({ ...place, ContentLength: 5 }), accessKeyId },
      { operation: 'GetObject', input: expect.objectContaining({ ...place, Range: 'bytes=0-1' }), accessKeyId },
    ]);
  });

  test.each<[string, Fault, { code: string; status: number }]>([
    [
      'error',
      { kind: 'error', name: 'KMS.DisabledException', status: 400 },
      { code: 'KMS.DisabledException', status: 400 },
    ],
    ['throttle', { kind: 'throttle' }, { code: 'SlowDown', status: 503 }],
    ['server-error', { kind: 'server-error' }, { code: 'InternalError', status: 500 }],
  ])('of kind %s answers it and does nothing', async (_kind, fault, expected) => {
    script = [fault];
    expect(await refusal(put())).toEqual(expected);
    expect((await refusal(text())).code).toBe('NoSuchKey');
    expect(s3.events).toEqual([]);
  });

  test('of kind server-error may be a page for people', async () => {
    script = [{ kind: 'server-error', html: true }];
    const answer = await s3.raw('GET', '/drop/k');
    expect(answer).toMatchObject({ status: 503, headers: { 'content-type': 'text/html' } });
    expect(answer.body).toContain('<html>');
  });

  test('of kind reply-lost carries the operation out and cuts the line', async () => {
    script = [{ kind: 'reply-lost' }];
    await expect(put()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await text()).toBe('hello');
    expect(s3.events).toHaveLength(1);
  });

  test('of kind hang answers nothing until the client gives up', async () => {
    script = [{ kind: 'hang' }];
    const leaving = new AbortController();
    const hanging = client.send(new HeadObjectCommand(place), { abortSignal: leaving.signal });
    while (calls.length === 0) await new Promise(setImmediate);
    leaving.abort();
    await expect(hanging).rejects.toThrow(/abort/i);
    expect((await refusal(text())).code).toBe('NoSuchKey');
  });

  test('of kind hang ends when the S3 is closed', async () => {
    script = [{ kind: 'hang' }];
    const hanging = expect(put()).rejects.toThrow(/socket hang up|ECONNRESET/);
    while (calls.length === 0) await new Promise(setImmediate);
    await s3.s3.close();
    await hanging;
  });

  test('of kind reset carries nothing out and answers nothing', async () => {
    script = [{ kind: 'reset' }];
    await expect(put()).rejects.toThrow(/socket hang up|ECONNRESET/);
    await expect(text()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('of kind short-read ends the answer in the middle of the body', async () => {
    await put();
    script = [{ kind: 'short-read' }];
    await expect(text()).rejects.toThrow(/aborted/);
  });

  test('of kind whole-object answers a range with everything', async () => {
    await put();
    script = [{ kind: 'whole-object' }];
    const all = await s3.client().send(new GetObjectCommand({ ...place, Range: 'bytes=1-2' }));
    expect(all).toMatchObject({ $metadata: { httpStatusCode: 200 }, ContentLength: 5 });
    expect(all.ContentRange).toBeUndefined();
    expect(await all.Body?.transformToString()).toBe('hello');
  });

  test('is survived by a client that tries again', async () => {
    script = [{ kind: 'throttle' }, { kind: 'server-error' }, { kind: 'reply-lost' }];
    const patient = s3.client({ maxAttempts: 5 });
    await patient.send(new PutObjectCommand({ ...place, Body: 'hello' }));
    expect(calls).toHaveLength(4);
    expect(await text()).toBe('hello');
  });
});

test('a closed S3 refuses calls', async () => {
  await s3.s3.close();
  expect(await s3.raw('GET', '/drop/k')).toMatchObject({ status: 503 });
});

test('a caller of a GET or HEAD whose key is not there is told what the composer says instead', async () => {
  const told: FaultCall[] = [];
  const strict = await startS3({
    missingKeys: (call) => {
      told.push(call);
      return call.input.Key === 'hidden' ? { kind: 'error', name: 'AccessDenied', status: 403 } : undefined;
    },
  });
  await strict.s3.createBucket('drop');
  const reader = strict.client();
  const get = (Key: string) => refusal(reader.send(new GetObjectCommand({ Bucket: 'drop', Key })));
  const head = (Key: string) => refusal(reader.send(new HeadObjectCommand({ Bucket: 'drop', Key })));
  expect([await get('hidden'), await get('open')]).toMatchObject([{ code: 'AccessDenied' }, { code: 'NoSuchKey' }]);
  expect([await head('hidden'), await head('open')]).toMatchObject([{ status: 403 }, { status: 404 }]);
  expect(told.map(({ operation }) => operation)).toEqual(['GetObject', 'GetObject', 'HeadObject', 'HeadObject']);
  await strict.stop();
});
