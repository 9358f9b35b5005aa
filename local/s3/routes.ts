import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './operations/buckets';
import type { Operation } from './operations/call';
import { completeMultipartUpload } from './operations/complete-multipart-upload';
import { copyObject } from './operations/copy-object';
import { createMultipartUpload } from './operations/create-multipart-upload';
import { deleteObject, deleteObjects } from './operations/delete-object';
import { getObject, headObject } from './operations/get-object';
import { listObjectVersions } from './operations/list-object-versions';
import { listObjects, listObjectsV2 } from './operations/list-objects';
import { abortMultipartUpload, listMultipartUploads, listParts } from './operations/multipart-uploads';
import { putObject } from './operations/put-object';
import { uploadPart, uploadPartCopy } from './operations/upload-part';
import { S3Error } from './wire/s3-error';
import type { S3Request } from './wire/s3-request';

/** One operation: how a request for it looks, and what carries it out. */
export interface Route {
  /** API name. */
  readonly name: string;
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** Query parameters that must be there, `name` or `name=value`. */
  readonly query: readonly string[];
  readonly copies: boolean;
  readonly run: Operation;
}

/** The operation a request asks for. NotImplemented, MethodNotAllowed. */
export function routeOf(request: S3Request): Route {
  const on = request.bucket === undefined ? 'service' : request.key === undefined ? 'bucket' : 'object';
  const copies = request.header('x-amz-copy-source') !== undefined;
  const route = ROUTES.find(
    (candidate) =>
      candidate.method === request.method &&
      candidate.on === on &&
      candidate.copies === copies &&
      candidate.query.every((parameter) => hasParameter(request, parameter)),
  );
  const subresources = [...request.query.keys()].filter((name) => SUBRESOURCES.has(name));
  const foreign = subresources.find((name) => !route?.query.some((known) => known.split('=')[0] === name));
  if (route && foreign === undefined) return route;
  throw new S3Error('NotImplemented', {
    message: `This S3 does not do ${request.method} on ${on === 'service' ? 'the service' : `a ${on}`}${foreign === undefined ? '' : ` with ?${foreign}`}.`,
  });
}

function on(level: Route['on'], method: string, name: string, run: Operation, ...query: string[]): Route {
  return { name, method, on: level, query, copies: false, run };
}

function copying(route: Route): Route {
  return { ...route, copies: true };
}

// The first that fits is taken: those with more parameters stand before those with fewer.
const ROUTES: readonly Route[] = [
  on('service', 'GET', 'ListBuckets', listBuckets),
  on('bucket', 'PUT', 'PutBucketVersioning', putBucketVersioning, 'versioning'),
  on('bucket', 'PUT', 'CreateBucket', createBucket),
  on('bucket', 'DELETE', 'DeleteBucket', deleteBucket),
  on('bucket', 'HEAD', 'HeadBucket', headBucket),
  on('bucket', 'POST', 'DeleteObjects', deleteObjects, 'delete'),
  on('bucket', 'GET', 'GetBucketLocation', getBucketLocation, 'location'),
  on('bucket', 'GET', 'GetBucketVersioning', getBucketVersioning, 'versioning'),
  on('bucket', 'GET', 'ListObjectVersions', listObjectVersions, 'versions'),
  on('bucket', 'GET', 'ListMultipartUploads', listMultipartUploads, 'uploads'),
  on('bucket', 'GET', 'ListObjectsV2', listObjectsV2, 'list-type=2'),
  on('bucket', 'GET', 'ListObjects', listObjects),
  copying(on('object', 'PUT', 'UploadPartCopy', uploadPartCopy, 'uploadId')),
  copying(on('object', 'PUT', 'CopyObject', copyObject)),
  on('object', 'PUT', 'UploadPart', uploadPart, 'uploadId'),
  on('object', 'PUT', 'PutObject', putObject),
  on('object', 'POST', 'CreateMultipartUpload', createMultipartUpload, 'uploads'),
  on('object', 'POST', 'CompleteMultipartUpload', completeMultipartUpload, 'uploadId'),
  on('object', 'DELETE', 'AbortMultipartUpload', abortMultipartUpload, 'uploadId'),
  on('object', 'DELETE', 'DeleteObject', deleteObject),
  on('object', 'GET', 'ListParts', listParts, 'uploadId'),
  on('object', 'GET', 'GetObject', getObject),
  on('object', 'HEAD', 'HeadObject', headObject),
];

/** Parameters that name another operation than the bare address does; any of them that no route asks for is refused. */
const SUBRESOURCES = new Set(
  `abac accelerate acl analytics append attributes cors delete encryption intelligent-tiering inventory legal-hold
  lifecycle location logging metadataConfiguration metadataInventoryTable metadataJournalTable metadataTable metrics
  notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication
  requestPayment restore retention select select-type session tagging torrent uploadId uploads versioning versions
  website`.split(/\s+/),
);

function hasParameter({ query }: S3Request, parameter: string): boolean {
  const [name = '', value] = parameter.split('=');
  return value === undefined ? query.has(name) : query.get(name) === value;
}
