import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceErrorName } from '../service-error';

const CONTENT_TYPE = 'application/x-amz-json-1.0';
const LONGEST_BODY = 4 * 1024 * 1024;
const CORAL = ['UnknownOperationException', 'SerializationException', 'InternalFailure', 'ThrottlingException'];
const VALIDATION = 'ValidationException';

/** The whole body; undefined once it is longer than any request may be. */
export async function readBody(req: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of req) {
    length += (piece as Buffer).length;
    if (length <= LONGEST_BODY) pieces.push(piece as Buffer);
  }
  return length > LONGEST_BODY ? undefined : Buffer.concat(pieces).toString('utf8');
}

/** Answers in awsJson1.0. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function answer(res: ServerResponse, status: number, body: Record<string, unknown>): void {
  send(res, status, CONTENT_TYPE, JSON.stringify(body));
}

/** Answers with an error in awsJson1.0, `__type` with the namespace that the service gives it. */
export function answerError(res: ServerResponse, status: number, name: string, message: string): void {
  answer(res, status, { __type: `${namespaceOf(name)}#${name}`, message });
}

/** Answers with the page of a load balancer that reaches no server. */
export function answerHtml(res: ServerResponse, status: number): void {
  send(res, status, 'text/html', `<html><body><h1>${status} Service Temporarily Unavailable</h1></body></html>\n`);
}

/** HTTP status of the service's own errors. */
export function statusOf(name: ServiceErrorName): number {
  return name === 'MissingAuthenticationTokenException' ? 403 : 400;
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  res.end(body);
}

function namespaceOf(name: string): string {
  if (name === VALIDATION) return 'com.amazon.coral.validate';
  const coral = CORAL.includes(name) || name.includes('Signature') || name.includes('Authentication');
  return coral ? 'com.amazon.coral.service' : 'com.amazonaws.swf.service.v2.model';
}
