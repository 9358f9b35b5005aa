import { createHash } from 'node:crypto';
import { type Checksum, checksumOfParts } from '../checksum/checksum';
import type { ObjectDraft } from '../store/bucket';
import { endUpload, findUpload, inTurn, type StoredPart, type Upload } from '../store/upload';
import { writeCondition } from '../wire/conditions';
import { encryptionHeaders } from '../wire/object-headers';
import { receiveDocument } from '../wire/payload';
import { xmlReply } from '../wire/reply';
import { S3Error } from '../wire/s3-error';
import type { S3Request } from '../wire/s3-request';
import { type ParsedElement, readXml } from '../wire/xml';
import { type Operation, target } from './call';
import { checksumElements, quoted, versionHeader } from './version-headers';

const MIN_PART_BYTES = 5 * 1024 ** 2;
const MAX_DOCUMENT_BYTES = 8 * 1024 ** 2;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: Operation = async (call) => {
  const { bucket, key } = target(call);
  const { request } = call;
  const uploadId = request.query.get('uploadId') ?? '';
  const condition = writeCondition(request);
  const document = readXml(await documentOf(request), 'CompleteMultipartUpload');
  const version = await inTurn(bucket, findUpload(bucket, key, uploadId), async () => {
    const upload = findUpload(bucket, key, uploadId);
    const parts = chosenParts(upload, document.children('Part'));
    const draft = assembled(upload, parts);
    requireWhole(request, draft);
    const made = await bucket.put(key, draft, condition);
    await endUpload(bucket, upload, draft.pieces);
    return made;
  });
  call.announce(bucket, key, version, 'CompleteMultipartUpload');
  const content = {
    Location: `http://${request.header('host') ?? ''}${request.resource}`,
    Bucket: bucket.name,
    Key: key,
    ETag: quoted(version.etag),
    ...checksumElements(version.checksum),
  };
  return xmlReply('CompleteMultipartUploadResult', content, {
    ...versionHeader(bucket, version),
    ...encryptionHeaders(version.headers),
  });
};

// A checksum header of this request speaks of the object, not of the document it carries.
async function documentOf(request: S3Request): Promise<Buffer> {
  const ofObject = (name: string) => /^x-amz-checksum-|^x-amz-sdk-checksum-algorithm$/.test(name);
  return receiveDocument(
    {
      ...request,
      header: (name) => (ofObject(name) ? undefined : request.header(name)),
      headerNames: () => request.headerNames().filter((name) => !ofObject(name)),
    },
    MAX_DOCUMENT_BYTES,
  );
}

function chosenParts(upload: Upload, elements: readonly ParsedElement[]): StoredPart[] {
  if (elements.length === 0) throw new S3Error('MalformedXML');
  let previous = 0;
  const parts = elements.map((element) => {
    const number = element.text('PartNumber')?.trim() ?? '';
    const etag = element.text('ETag');
    if (!/^\d{1,5}$/.test(number) || etag === undefined) throw new S3Error('MalformedXML');
    if (Number(number) <= previous) throw new S3Error('InvalidPartOrder', { details: { UploadId: upload.uploadId } });
    previous = Number(number);
    return chosenPart(upload, Number(number), etag.trim().replace(/^"(.*)"$/, '$1'), element);
  });
  for (const { partNumber, size, etag } of parts.slice(0, -1)) {
    if (size >= MIN_PART_BYTES) continue;
    throw new S3Error('EntityTooSmall', {
      details: { ProposedSize: size, MinSizeAllowed: MIN_PART_BYTES, PartNumber: partNumber, ETag: etag },
    });
  }
  return parts;
}

function chosenPart(upload: Upload, partNumber: number, etag: string, element: ParsedElement): StoredPart {
  const invalid = () =>
    new S3Error('InvalidPart', { details: { UploadId: upload.uploadId, PartNumber: partNumber, ETag: etag } });
  const part = upload.parts.get(partNumber);
  if (!part || part.etag !== etag) throw invalid();
  const stored = upload.algorithm ? part.checksum : part.given;
  const checksum = stored && element.text(`Checksum${stored.algorithm}`)?.trim();
  if (checksum !== undefined && checksum !== stored?.value) throw invalid();
  // So S3 answers where parts came with a checksum into an upload without one, and the list leaves it out:
  // https://github.com/aws/aws-sdk-java-v2/issues/6518 https://github.com/aws/aws-sdk-go-v2/issues/3005
  if (checksum === undefined && stored && !upload.algorithm) throw invalid();
  if (checksum === undefined && upload.algorithm && upload.checksumType === 'COMPOSITE') {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    });
  }
  return part;
}

function assembled(upload: Upload, parts: readonly StoredPart[]): ObjectDraft {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  const checksums = parts.map(({ checksum, size }) => ({ value: checksum.value, size }));
  return {
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `${md5.digest('hex')}-${parts.length}`,
    headers: upload.headers,
    pieces: parts.map(({ piece }) => piece),
    checksum: checksumOfParts(upload.algorithm ?? 'CRC64NVME', upload.checksumType, checksums),
    partCount: parts.length,
  };
}

function requireWhole(request: S3Request, { size, checksum }: ObjectDraft): void {
  const expectedSize = request.header('x-amz-mp-object-size');
  if (expectedSize !== undefined && Number(expectedSize) !== size) {
    throw new S3Error('InvalidRequest', {
      message: `The provided 'x-amz-mp-object-size' header value ${expectedSize} does not match what was computed: ${size}`,
    });
  }
  if (checksum) requireChecksum(request, checksum);
}

function requireChecksum(request: S3Request, { algorithm, type, value }: Checksum): void {
  const expectedType = request.header('x-amz-checksum-type');
  if (expectedType !== undefined && expectedType.toUpperCase() !== type) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    });
  }
  const expected = request.header(`x-amz-checksum-${algorithm.toLowerCase()}`);
  if (expected === undefined || expected === value || expected === value.replace(/-\d+$/, '')) return;
  throw new S3Error('BadDigest', { message: `The ${algorithm} you specified did not match the calculated checksum.` });
}
