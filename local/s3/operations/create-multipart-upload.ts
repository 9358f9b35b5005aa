import { type ChecksumAlgorithm, type ChecksumType, checksumAlgorithm, checksumTypes } from '../checksum/checksum';
import { beginUpload } from '../store/upload';
import { encryptionHeaders, objectHeaders } from '../wire/object-headers';
import { xmlReply } from '../wire/reply';
import { S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type Operation, target } from './call';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: Operation = async (call) => {
  const { bucket, key } = target(call);
  const headers = objectHeaders(call.request);
  const upload = await beginUpload(bucket, { key, headers, ...checksumTerms(call.request) });
  const content = { Bucket: bucket.name, Key: key, UploadId: upload.uploadId };
  return xmlReply('InitiateMultipartUploadResult', content, {
    ...encryptionHeaders(headers),
    ...(upload.algorithm
      ? { 'x-amz-checksum-algorithm': upload.algorithm, 'x-amz-checksum-type': upload.checksumType }
      : {}),
  });
};

function checksumTerms(request: S3Request): { algorithm?: ChecksumAlgorithm; checksumType: ChecksumType } {
  const name = request.header('x-amz-checksum-algorithm');
  const type = request.header('x-amz-checksum-type');
  if (name === undefined) {
    if (type === undefined) return { checksumType: 'FULL_OBJECT' };
    throw new S3Error('InvalidRequest', {
      message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    });
  }
  const algorithm = checksumAlgorithm(name);
  if (!algorithm) throw new S3Error('InvalidRequest', { message: 'Checksum algorithm provided is unsupported.' });
  const types = checksumTypes(algorithm);
  const checksumType = type === undefined ? types[0] : types.find((known) => known === type.toUpperCase());
  if (checksumType) return { algorithm, checksumType };
  throw new S3Error('InvalidRequest', {
    message: `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  });
}
