import type { Fault } from './faults';
import { errorReply, type Reply, writtenError } from './wire/reply';
import { S3Error } from './wire/s3-error';

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
