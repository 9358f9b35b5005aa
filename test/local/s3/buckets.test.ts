import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ACCOUNT, type RunningS3, refusal, startS3 } from './support/running-s3';

let s3: RunningS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3({ region: 'eu-west-1' });
  client = s3.client({ region: 'eu-west-1' });
});
afterAll(() => s3.stop());

const create = (Bucket: string) =>
  client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));

test('a bucket is made in its region, listed, found, and removed when empty', async () => {
  await create('first');
  expect((await client.send(new ListBucketsCommand({}))).Buckets).toEqual([
    expect.objectContaining({ Name: 'first', CreationDate: expect.any(Date) }),
  ]);
  expect((await client.send(new HeadBucketCommand({ Bucket: 'first' }))).BucketRegion).toBe('eu-west-1');
  expect((await client.send(new GetBucketLocationCommand({ Bucket: 'first' }))).LocationConstraint).toBe('eu-west-1');
  await client.send(new PutObjectCommand({ Bucket: 'first', Key: 'k', Body: 'x' }));
  const removal = () => client.send(new DeleteBucketCommand({ Bucket: 'first' }));
  expect(await refusal(removal())).toEqual({ code: 'BucketNotEmpty', status: 409 });
  await client.send(new DeleteObjectCommand({ Bucket: 'first', Key: 'k' }));
  await removal();
  expect((await refusal(client.send(new HeadBucketCommand({ Bucket: 'first' })))).status).toBe(404);
});

test('a bucket that is there is not made again, except by the program that runs this S3', async () => {
  await create('again');
  expect((await refusal(create('again'))).code).toBe('BucketAlreadyOwnedByYou');
  await s3.s3.createBucket('again');
});

test('a bucket of another region is refused', async () => {
  const CreateBucketConfiguration = { LocationConstraint: 'us-west-2' } as const;
  const there = new CreateBucketCommand({ Bucket: 'elsewhere', CreateBucketConfiguration });
  expect((await refusal(client.send(there))).code).toBe('IllegalLocationConstraintException');
});

test.each(['UPPER', 'a', 'a..b', '-lead', '10.0.0.1', 'under_score'])('the bucket name %s is refused', async (name) => {
  await expect(s3.s3.createBucket(name)).rejects.toMatchObject({ code: 'InvalidBucketName' });
});

test('the owner of a bucket is the account', async () => {
  const { Owner } = await client.send(new ListBucketsCommand({}));
  expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  await create('owned');
  const head = new HeadBucketCommand({ Bucket: 'owned', ExpectedBucketOwner: ACCOUNT });
  expect((await client.send(head)).$metadata.httpStatusCode).toBe(200);
});
