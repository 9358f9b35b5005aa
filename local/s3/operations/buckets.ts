import { createHash } from 'node:crypto';
import type { Versioning } from '../store/bucket';
import { receiveDocument } from '../wire/payload';
import { xmlReply } from '../wire/reply';
import { S3Error } from '../wire/s3-error';
import { readXml } from '../wire/xml';
import { bucketOf, type Call, type Identity, type Operation } from './call';

const SMALL_DOCUMENT_BYTES = 64 * 1024;

/** The owner of everything here, as lists show it. */
export function owner({ accountId }: Identity): { ID: string; DisplayName: string } {
  return { ID: createHash('sha256').update(accountId).digest('hex'), DisplayName: accountId };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: Operation = async ({ store, identity }) => {
  const buckets = [...store.buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const Bucket = buckets.map(({ name, createdAt }) => ({
    Name: name,
    CreationDate: new Date(createdAt).toISOString(),
    BucketRegion: identity.region,
  }));
  return xmlReply('ListAllMyBucketsResult', { Buckets: { Bucket }, Owner: owner(identity) });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: Operation = async (call) => {
  const name = call.request.bucket ?? '';
  await requireLocation(call);
  const { existed } = await call.store.createBucket(name);
  // Only us-east-1 answers a second creation with success.
  if (existed && call.identity.region !== 'us-east-1') {
    throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: name } });
  }
  return { status: 200, headers: { location: `/${name}` } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export const deleteBucket: Operation = async (call) => {
  await call.store.deleteBucket(call.request.bucket ?? '');
  return { status: 204 };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Operation = async (call) => {
  bucketOf(call);
  return { status: 200, headers: { 'x-amz-bucket-region': call.identity.region, 'x-amz-access-point-alias': 'false' } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: Operation = async (call) => {
  bucketOf(call);
  const { region } = call.identity;
  return xmlReply('LocationConstraint', region === 'us-east-1' ? '' : region);
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning: Operation = async (call) => {
  const { versioning } = bucketOf(call);
  return xmlReply('VersioningConfiguration', { Status: versioning === 'Unversioned' ? undefined : versioning });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export const putBucketVersioning: Operation = async (call) => {
  const bucket = bucketOf(call);
  const body = await receiveDocument(call.request, SMALL_DOCUMENT_BYTES);
  const status = readXml(body, 'VersioningConfiguration').text('Status');
  if (!isStatus(status)) throw new S3Error('IllegalVersioningConfigurationException');
  await bucket.setVersioning(status);
  return { status: 200 };
};

async function requireLocation({ request, identity }: Call): Promise<void> {
  const empty = request.header('content-length') === undefined || request.header('content-length') === '0';
  const body = empty ? undefined : await receiveDocument(request, SMALL_DOCUMENT_BYTES);
  const asked = body?.length ? readXml(body, 'CreateBucketConfiguration').text('LocationConstraint') : undefined;
  if ((asked ?? 'us-east-1') === identity.region) return;
  throw new S3Error('IllegalLocationConstraintException', {
    message: `The ${asked ?? 'unspecified'} location constraint is incompatible for the region ${identity.region}.`,
  });
}

function isStatus(text: string | undefined): text is Exclude<Versioning, 'Unversioned'> {
  return text === 'Enabled' || text === 'Suspended';
}
