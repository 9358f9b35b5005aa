import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type RunningS3, refusal, startS3 } from './support/running-s3';

const Bucket = 'listed';
const KEYS = ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'c/4', 'z', 'ä', '\uff5e', '😀'];
let s3: RunningS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
  await s3.s3.createBucket(Bucket);
  for (const Key of [...KEYS].reverse()) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => s3.stop());

const list = (options: Partial<ListObjectsV2CommandInput> = {}) =>
  client.send(new ListObjectsV2Command({ Bucket, ...options }));
const keysOf = (page: { Contents?: { Key?: string }[] | undefined }) => (page.Contents ?? []).map(({ Key }) => Key);
const prefixesOf = (page: { CommonPrefixes?: { Prefix?: string }[] | undefined }) =>
  (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix);

describe('a list of objects', () => {
  test('names all keys in the order of their UTF-8 bytes', async () => {
    const page = await list();
    expect(keysOf(page)).toEqual(KEYS);
    expect(page).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000, Name: Bucket });
    expect(page.Contents?.[0]).toMatchObject({
      Size: 1,
      StorageClass: 'STANDARD',
      ETag: expect.stringMatching(/^".+"$/),
    });
  });

  test('keeps to a prefix', async () => {
    expect(keysOf(await list({ Prefix: 'a/' }))).toEqual(['a/1', 'a/2', 'a/b/3']);
    expect(keysOf(await list({ Prefix: 'nothing' }))).toEqual([]);
  });

  test('rolls keys up behind a delimiter', async () => {
    const page = await list({ Delimiter: '/' });
    expect(keysOf(page)).toEqual(['a', 'b', 'z', 'ä', '\uff5e', '😀']);
    expect(prefixesOf(page)).toEqual(['a/', 'c/']);
    const inner = await list({ Delimiter: '/', Prefix: 'a/' });
    expect([keysOf(inner), prefixesOf(inner)]).toEqual([['a/1', 'a/2'], ['a/b/']]);
  });

  test.each([1, 2, 3, 7])('comes whole in pages of %i', async (MaxKeys) => {
    for (const Delimiter of [undefined, '/']) {
      const seen: (string | undefined)[] = [];
      const options = { MaxKeys, ...(Delimiter ? { Delimiter } : {}) };
      let page = await list(options);
      for (;;) {
        expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
        seen.push(...keysOf(page), ...prefixesOf(page));
        if (!page.IsTruncated) break;
        page = await list({ ...options, ContinuationToken: page.NextContinuationToken });
      }
      const whole = await list({ ...(Delimiter ? { Delimiter } : {}) });
      expect([...seen].sort()).toEqual([...keysOf(whole), ...prefixesOf(whole)].sort());
    }
  });

  test('begins after a key', async () => {
    expect(keysOf(await list({ StartAfter: 'a/2', Prefix: 'a' }))).toEqual(['a/b/3']);
    expect(keysOf(await list({ StartAfter: 'a/1x' }))).toEqual(KEYS.slice(2));
  });

  test('of no keys is empty and not truncated', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('refuses what it cannot read', async () => {
    expect((await refusal(list({ MaxKeys: -1 }))).code).toBe('InvalidArgument');
    expect((await refusal(list({ ContinuationToken: 'made up' }))).code).toBe('InvalidArgument');
    expect((await refusal(list({ EncodingType: 'base64' as 'url' }))).code).toBe('InvalidArgument');
    expect((await refusal(list({ Bucket: 'no-such-bucket' }))).code).toBe('NoSuchBucket');
  });

  test('of the first version names its next marker', async () => {
    const v1 = (options: object) =>
      client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, ...options }));
    const first = await v1({});
    expect([keysOf(first), prefixesOf(first), first.NextMarker]).toEqual([['a'], ['a/'], 'a/']);
    const second = await v1({ Marker: first.NextMarker });
    expect([keysOf(second), prefixesOf(second)]).toEqual([['b'], ['c/']]);
  });
});

describe('keys that XML or addresses have trouble with', () => {
  const odd = ['a b+c', 'x<&>"\'', 'tab\tline\nreturn\r', 'control\u0001', '%41', '(~!*)'];

  beforeAll(async () => {
    await s3.s3.createBucket('odd');
    for (const Key of odd) await client.send(new PutObjectCommand({ Bucket: 'odd', Key, Body: '', ContentLength: 0 }));
  });

  test('are percent-encoded where the list is asked to', async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket: 'odd', EncodingType: 'url' }));
    const decoded = keysOf(page).map((key) => decodeURIComponent((key ?? '').replaceAll('+', ' ')));
    expect([...decoded].sort()).toEqual([...odd].sort());
    expect(keysOf(page)).toContain('%28%7E%21*%29');
  });

  test('stand in the XML as references', async () => {
    const { body } = await s3.raw('GET', '/odd?list-type=2');
    expect(body).toContain('<Key>control&#x1;</Key>');
    expect(body).toContain('<Key>x&lt;&amp;&gt;&quot;');
    expect(body).toContain('return&#xd;</Key>');
  });
});
