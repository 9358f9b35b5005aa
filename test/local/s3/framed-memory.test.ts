import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { receivePayload } from '../../../local/s3/wire/payload';
import type { S3Request } from '../../../local/s3/wire/s3-request';

const CONTENT = Buffer.alloc(20_000, 'slipway');

/** A request whose body comes in these pieces, each in memory of its own, as the HTTP parser gives them. */
function requestOf(pieces: readonly (string | Buffer)[], headers: Readonly<Record<string, string>>): S3Request {
  const own = pieces.map((piece) => {
    const bytes = Buffer.from(piece);
    const memory = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(memory);
    return memory;
  });
  return {
    ...{ method: 'PUT', bucket: 'b', key: 'k', query: new Map(), presigned: false, resource: '/b/k' },
    header: (name) => headers[name],
    headerNames: () => Object.keys(headers),
    body: Readable.from(own) as IncomingMessage,
  };
}

/** Whether the last bytes that the sink was given are still there when all has come: they may be on their way to a file. */
async function lastBytesOf(request: S3Request): Promise<Buffer | undefined> {
  let last: Buffer | undefined;
  await receivePayload(request, (bytes) => {
    last = bytes;
  });
  return last;
}

test('of a framed body the last bytes are good until others come, however much of the frame follows them', async () => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(CONTENT));
  const trailer = `x-amz-checksum-crc32:${checksum.toString('base64')}`;
  const frame = [`${CONTENT.length.toString(16)}\r\n`, CONTENT, '\r\n', '0\r\n', `${trailer}\r\n`, '\r\n'];
  const request = requestOf(frame, {
    'content-length': String(frame.reduce((sum, piece) => sum + piece.length, 0)),
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(CONTENT.length),
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  });
  expect((await lastBytesOf(request))?.equals(CONTENT)).toBe(true);
});

test('and so they are of a body without frames', async () => {
  const request = requestOf([CONTENT.subarray(0, 5_000), CONTENT.subarray(5_000)], {
    'content-length': String(CONTENT.length),
  });
  expect((await lastBytesOf(request))?.equals(CONTENT.subarray(5_000))).toBe(true);
});
