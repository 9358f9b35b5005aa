import type { Fault } from './faults';
import { errorReply, type Reply, writtenError } from './wire/reply';
import { S3Error } from './wire/s3-error';
import type { S3Request } from './wire/s3-request';

/** The answer of a fault that answers without doing anything; `undefined` for the others. */
export function faultReply(fault: Fault, requestId: string): Reply | undefined {
  switch (fault.kind) {
    case 'error':
      return writtenError(fault.status ?? 400, fault.name, fault.message ?? fault.name, {
        details: { RequestId: requestId },
      });
    case 'throttle':
      return errorReply(new S3Error('SlowDown'), requestId);
    case 'server-error':
      return fault.html ? htmlPage(fault.status ?? 503) : serverError(fault.status ?? 500, requestId);
    default:
      return undefined;
  }
}

/** The answer with half of its body, after which the socket ends. */
export function cutShort(reply: Reply): Reply {
  const { body, headers } = reply;
  if (body === undefined || typeof body === 'string') return reply;
  return { ...reply, body: firstBytes(body, Math.floor(Number(headers?.['content-length'] ?? 0) / 2)) };
}

/** The request as it is for who does not look at the range. */
export function withoutRange(request: S3Request): S3Request {
  return { ...request, header: (name) => (name === 'range' ? undefined : request.header(name)) };
}

async function* firstBytes(body: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let left = most;
  for await (const piece of body) {
    if (piece.length > left) {
      yield piece.subarray(0, left);
      throw new Error('the answer is cut short on purpose');
    }
    yield piece;
    left -= piece.length;
  }
}

function serverError(status: number, requestId: string): Reply {
  const { code, message } = new S3Error('InternalError');
  return writtenError(status, code, message, { details: { RequestId: requestId } });
}

function htmlPage(status: number): Reply {
  const title = `${status} Service Unavailable`;
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}
