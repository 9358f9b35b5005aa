import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { codeOf, type RunningS3, refusal, SIGNED, startS3 } from './support/running-s3';

let s3: RunningS3;
let client: S3Client;
let Bucket: string;
let count = 0;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
});
beforeEach(async () => {
  Bucket = `versions-${++count}`;
  await s3.s3.createBucket(Bucket, { versioned: true });
});
afterAll(() => s3.stop());

const put = async (Key: string, Body: string) =>
  (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
const text = async (Key: string, VersionId?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(VersionId ? { VersionId } : {}) }));
  return Body?.transformToString();
};
const remove = (Key: string, VersionId?: string) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId ? { VersionId } : {}) }));
const setVersioning = (Status: 'Enabled' | 'Suspended') =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

describe('a versioned bucket', () => {
  test('keeps every version under an id of its own', async () => {
    const first = await put('k', 'first');
    const second = await put('k', 'second');
    expect(first).not.toBe(second);
    expect([await text('k'), await text('k', first), await text('k', second)]).toEqual(['second', 'first', 'second']);
    const events = s3.events.filter(({ bucket }) => bucket === Bucket);
    expect(events.map(({ versionId }) => versionId)).toEqual([first, second]);
    expect((events[0]?.sequencer ?? '') < (events[1]?.sequencer ?? '')).toBe(true);
  });

  test('hides a deleted object behind a marker, and shows it again without', async () => {
    const version = await put('k', 'content');
    const { VersionId: marker = '', DeleteMarker } = await remove('k');
    expect(DeleteMarker).toBe(true);
    expect(await refusal(text('k'))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect((await s3.raw('GET', `/${Bucket}/k`)).headers).toMatchObject({ 'x-amz-delete-marker': 'true' });
    expect(await text('k', version)).toBe('content');
    expect(await refusal(text('k', marker))).toEqual({ code: 'MethodNotAllowed', status: 405 });
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await remove('k', marker)).toMatchObject({ DeleteMarker: true, VersionId: marker });
    expect(await text('k')).toBe('content');
  });

  test('lets one version go for good', async () => {
    const first = await put('k', 'first');
    const second = await put('k', 'second');
    await remove('k', second);
    expect(await text('k')).toBe('first');
    expect(await refusal(text('k', second))).toEqual({ code: 'NoSuchVersion', status: 404 });
    await remove('k', first);
    expect((await refusal(text('k'))).code).toBe('NoSuchKey');
  });

  test('refuses a version id that is none', async () => {
    await put('k', 'x');
    expect(await refusal(text('k', 'short'))).toEqual({ code: 'InvalidArgument', status: 400 });
    expect(codeOf(await s3.raw('DELETE', `/${Bucket}/k?versionId=`))).toBe('InvalidArgument');
    const head = new HeadObjectCommand({ Bucket, Key: 'k', VersionId: 'A'.repeat(32) });
    expect((await refusal(client.send(head))).status).toBe(404);
  });

  test('lists versions and markers, newest first, page by page', async () => {
    const ids = [await put('a', '1'), await put('a', '2'), await put('b', '3')];
    const { VersionId: marker } = await remove('a');
    const seen: (string | undefined)[] = [];
    let next: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let more: boolean | undefined = true; more; ) {
      const page: Awaited<ReturnType<typeof listVersions>> = await listVersions(next);
      seen.push(...[...(page.DeleteMarkers ?? []), ...(page.Versions ?? [])].map(({ VersionId }) => VersionId));
      const { NextKeyMarker = '', NextVersionIdMarker = '' } = page;
      next = { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
      more = page.IsTruncated;
    }
    expect(seen).toEqual([marker, ids[1], ids[0], ids[2]]);
    const whole = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(whole.DeleteMarkers?.[0]).toMatchObject({ Key: 'a', IsLatest: true });
    expect(whole.Versions?.map(({ IsLatest, Size }) => [IsLatest, Size])).toEqual([
      [false, 1],
      [false, 1],
      [true, 1],
    ]);
  });

  test('copies a version by its id', async () => {
    const first = await put('k', 'first');
    await put('k', 'second');
    const copy = new CopyObjectCommand({ Bucket, Key: 'k', CopySource: `${Bucket}/k?versionId=${first}` });
    expect(await client.send(copy)).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
    expect(await text('k')).toBe('first');
  });
});

describe('a bucket whose versioning changes', () => {
  test('says so', async () => {
    const status = async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await status()).toBe('Enabled');
    await setVersioning('Suspended');
    expect(await status()).toBe('Suspended');
    await s3.s3.createBucket('never-versioned');
    const plain = new GetBucketVersioningCommand({ Bucket: 'never-versioned' });
    expect((await client.send(plain)).Status).toBeUndefined();
    expect((await refusal(setVersioning('Off' as 'Enabled'))).code).toBe('IllegalVersioningConfigurationException');
  });

  test('writes the null version while it is suspended', async () => {
    const kept = await put('k', 'kept');
    await setVersioning('Suspended');
    expect(await put('k', 'null one')).toBe('null');
    expect(await put('k', 'null two')).toBe('null');
    expect([await text('k', 'null'), await text('k', kept)]).toEqual(['null two', 'kept']);
    expect(await remove('k')).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect([Versions?.map(({ VersionId }) => VersionId), DeleteMarkers?.length]).toEqual([[kept], 1]);
  });
});

describe('a deletion of many', () => {
  test('answers for each key, and leaves the others', async () => {
    for (const key of ['a&b', 'c', 'd']) await put(key, key);
    const Objects = [{ Key: 'a&b' }, { Key: 'c', VersionId: 'bad' }, { Key: 'never-was' }];
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
      ['a&b', true],
      ['never-was', true],
    ]);
    expect(Errors).toEqual([expect.objectContaining({ Key: 'c', Code: 'InvalidArgument' })]);
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(2);
  });

  test('is silent where it is told to be', async () => {
    const Delete = { Objects: [{ Key: 'a' }], Quiet: true };
    expect((await client.send(new DeleteObjectsCommand({ Bucket, Delete }))).Deleted).toBeUndefined();
  });

  test('needs a digest of its list', async () => {
    const body = '<Delete><Object><Key>a</Key></Object></Delete>';
    expect(codeOf(await s3.raw('POST', `/${Bucket}?delete`, { body, headers: SIGNED }))).toBe('InvalidRequest');
  });
});

test('a bucket without versions forgets what is deleted, and deletes twice as gladly', async () => {
  const plain = { Bucket: 'plain', Key: 'k' };
  await s3.s3.createBucket('plain');
  await client.send(new PutObjectCommand({ ...plain, Body: 'x' }));
  for (let time = 0; time < 2; time++) {
    const gone = await client.send(new DeleteObjectCommand(plain));
    expect([gone.DeleteMarker, gone.VersionId]).toEqual([undefined, undefined]);
  }
  expect((await refusal(client.send(new GetObjectCommand(plain)))).code).toBe('NoSuchKey');
});

function listVersions(next: { KeyMarker?: string; VersionIdMarker?: string }) {
  return client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...next }));
}
