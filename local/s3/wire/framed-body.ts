import { S3Error } from './s3-error';

const MIN_FRAME_BYTES = 8192;
const MAX_LINE_BYTES = 4096;

/** What the `x-amz-content-sha256` header says about the frames. */
export interface Framing {
  /** Every frame carries `;chunk-signature=…`. */
  readonly signed: boolean;
  /** Headers follow the last frame. */
  readonly trailing: boolean;
}

/** The framings that S3 takes, by `x-amz-content-sha256`. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
export const FRAMINGS: Readonly<Record<string, Framing>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailing: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailing: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailing: true },
};

/** Takes the frames of an `aws-chunked` body off; `trailers` is filled when `bytes` has ended. */
export class FramedBody {
  /** Trailing headers by lower-case name. */
  readonly trailers = new Map<string, string>();
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    source: AsyncIterable<Buffer>,
    private readonly framing: Framing,
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The bytes inside the frames. IncompleteBody, InvalidChunkSizeError, MalformedTrailerError. */
  async *bytes(): AsyncGenerator<Buffer> {
    let previous = MIN_FRAME_BYTES;
    for (let frame = 1; ; frame++) {
      const size = this.frameSize(await this.line());
      if (size === 0) break;
      if (previous < MIN_FRAME_BYTES) {
        throw new S3Error('InvalidChunkSizeError', { details: { Chunk: frame, BadChunkSize: previous } });
      }
      yield* this.take(size);
      if ((await this.line()) !== '') throw malformed(`frame ${frame} is longer than it says`);
      previous = size;
    }
    await this.readTrailers();
    if (this.rest.length > 0 || (await this.more())) throw malformed('bytes follow the last frame');
  }

  private frameSize(line: string): number {
    const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    if (!match?.[1]) throw malformed('a frame does not begin with its size');
    if ((match[2] !== undefined) !== this.framing.signed) {
      throw malformed(this.framing.signed ? 'a frame has no signature' : 'a frame of an unsigned body has a signature');
    }
    return Number.parseInt(match[1], 16);
  }

  private async readTrailers(): Promise<void> {
    for (let line = await this.line(); line !== ''; line = await this.line()) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      if (!this.framing.trailing || colon < 1 || this.trailers.has(name)) throw new S3Error('MalformedTrailerError');
      this.trailers.set(name, line.slice(colon + 1).trim());
    }
    if (this.framing.signed && this.framing.trailing && !this.trailers.has('x-amz-trailer-signature')) {
      throw new S3Error('MalformedTrailerError');
    }
  }

  private async line(): Promise<string> {
    let end = this.rest.indexOf('\r\n');
    while (end < 0) {
      if (this.rest.length > MAX_LINE_BYTES) throw malformed('a frame has no end of line');
      if (!(await this.more())) throw new S3Error('IncompleteBody');
      end = this.rest.indexOf('\r\n');
    }
    const line = this.rest.toString('latin1', 0, end);
    this.rest = this.rest.subarray(end + 2);
    return line;
  }

  private async *take(size: number): AsyncGenerator<Buffer> {
    let missing = size;
    while (missing > 0) {
      if (this.rest.length === 0 && !(await this.more())) throw new S3Error('IncompleteBody');
      const piece = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(piece.length);
      missing -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.source.next();
    if (done) return false;
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
    return true;
  }
}

function malformed(found: string): S3Error {
  return new S3Error('IncompleteBody', { message: `The aws-chunked body is not well formed: ${found}` });
}
