import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../contract/push-plan';
import type { Pointer } from '../contract/steps';
import { s3 } from './clients/s3';
import { giveBuffer, lendBuffer, PIECE_SIZE } from './lent-buffers';
import { translateError } from './translate-error';

/** Most bytes that a stream may have, 78 GiB, more than any layer that ECR takes: S3 takes 10,000 parts. */
export const MOST_STREAMED = 10_000 * PIECE_SIZE;

// One part is filled while another is on its way.
const BUFFERS = 2;

/**
 * Writes a stream of unknown length, at least one byte, to the work bucket: two parts of 8 MiB in memory, and
 * nothing visible before the end. The same bytes give the same ETag.
 */
export async function writeStream(
  { bucket, key }: Pointer,
  owner: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<ObjectVersion> {
  const target = { Bucket: bucket, Key: key, ExpectedBucketOwner: owner };
  const rethrow = (error: unknown): never => {
    throw translateError(error, `s3:PutObject on s3://${bucket}/${key}`) ?? error;
  };
  const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' });
  const { UploadId } = await s3.send(create).catch(rethrow);
  const parts = new PartsUnderway({ ...target, UploadId });
  try {
    const size = await parts.send(pieces);
    const MultipartUpload = { Parts: await parts.done() };
    const complete = new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload });
    const { ETag: etag = '' } = await s3.send(complete).catch((error) => completedBefore(error, target, size));
    return { bucket, key, etag, size };
  } catch (error) {
    // A part that arrives after the abort would stay. A lifecycle rule removes it, and all else should this fail.
    await parts.done().catch(() => undefined);
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    return rethrow(error);
  } finally {
    parts.giveBuffers();
  }
}

/**
 * The answer to Complete is lost, the SDK repeats the call, and S3 does not know the upload any more: the object tells.
 * Its key names its content, so one of the same size is the same.
 */
async function completedBefore(error: unknown, target: Target, size: number): Promise<{ ETag?: string | undefined }> {
  if ((error as Error).name !== 'NoSuchUpload') throw error;
  const head = await s3.send(new HeadObjectCommand(target)).catch(() => undefined);
  if (head?.ContentLength !== size) throw error;
  return head;
}

type Target = Omit<Upload, 'UploadId'>;

type Upload = Pick<UploadPartCommand['input'], 'Bucket' | 'Key' | 'UploadId' | 'ExpectedBucketOwner'>;

/** The parts of one upload; a buffer is filled anew when the part it held has arrived. */
class PartsUnderway {
  readonly #upload: Upload;
  readonly #buffers: Buffer[] = [];
  readonly #sent: Promise<CompletedPart>[] = [];

  constructor(upload: Upload) {
    this.#upload = upload;
  }

  /** Begins to send each part as it is full; gives the bytes of all. */
  async send(pieces: AsyncIterable<Uint8Array>): Promise<number> {
    let part = await this.#freeBuffer();
    let filled = 0;
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; ) {
        const some = piece.subarray(at, at + PIECE_SIZE - filled);
        part.set(some, filled);
        filled += some.length;
        at += some.length;
        if (filled < PIECE_SIZE) continue;
        this.#begin(part);
        part = await this.#freeBuffer();
        filled = 0;
      }
    }
    const full = this.#sent.length * PIECE_SIZE;
    if (filled > 0) this.#begin(part.subarray(0, filled));
    return full + filled;
  }

  /** All parts, once they have arrived or failed; the error of the first that failed. */
  async done(): Promise<CompletedPart[]> {
    await Promise.allSettled(this.#sent);
    return Promise.all(this.#sent);
  }

  /** Once all have arrived or failed. */
  giveBuffers(): void {
    for (const buffer of this.#buffers.splice(0)) giveBuffer(buffer);
  }

  #begin(Body: Buffer): void {
    const PartNumber = this.#sent.length + 1;
    const ChecksumCRC32 = crc32Of(Body);
    const command = new UploadPartCommand({ ...this.#upload, PartNumber, Body, ChecksumCRC32 });
    command.middlewareStack.add(unsignedPayload, { name: 'unsignedPayload', step: 'build', priority: 'high' });
    const sent = s3.send(command).then(({ ETag }) => ({ ETag, PartNumber, ChecksumCRC32 }));
    // Whoever waits for the part hears of it; until then a failure is not one that nobody handles.
    sent.catch(() => undefined);
    this.#sent.push(sent);
  }

  async #freeBuffer(): Promise<Buffer> {
    const at = this.#sent.length % BUFFERS;
    await this.#sent[this.#sent.length - BUFFERS];
    this.#buffers[at] ??= lendBuffer();
    return this.#buffers[at];
  }
}

function crc32Of(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
}

/**
 * The signature covers the checksum of the part, and not its SHA-256 as well, which costs more.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function unsignedPayload<Args extends { request: unknown }, Result>(
  next: (args: Args) => Promise<Result>,
): (args: Args) => Promise<Result> {
  return (args) => {
    const { headers } = args.request as { readonly headers: Record<string, string> };
    headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
    return next(args);
  };
}
