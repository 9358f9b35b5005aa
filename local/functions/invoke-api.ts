import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InvalidParameterValueException, LambdaError, RequestTooLargeException, ServiceException } from './errors';
import { checkPayload, type InvocationType, PAYLOAD_LIMIT } from './payload';

/** What the Invoke API stands on. */
export interface InvokeTarget {
  invoke(call: {
    functionArn: string;
    payload: string;
  }): Promise<{ payload: string; functionError?: string; requestId: string }>;
  /** Throws where there is no such function. */
  check(functionArn: string): void;
  /** Writes one line to the function's log. */
  note(functionArn: string, line: string): void;
}

/** One reply of the API. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Answers one Invoke request. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export async function handleInvoke(target: InvokeTarget, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const answer = await answerInvoke(target, req).catch(answerError);
  const length = Buffer.byteLength(answer.body);
  const content = length > 0 && { 'content-type': 'application/json', 'content-length': length };
  res.writeHead(answer.status, { ...content, ...answer.headers });
  res.end(answer.body);
}

async function answerInvoke(target: InvokeTarget, req: IncomingMessage): Promise<Answer> {
  const url = new URL(req.url ?? '/', 'http://lambda');
  const name = PATH.exec(url.pathname)?.[1];
  if (name === undefined || req.method !== 'POST') return unknownOperation(`${req.method} ${url.pathname}`);
  const functionArn = qualified(decodeURIComponent(name), url.searchParams.get('Qualifier'));
  const type = invocationType(req.headers['x-amz-invocation-type']);
  const payload = (await readBody(req, type)) || '{}';
  target.check(functionArn);
  checkPayload(payload, type);
  if (type === 'RequestResponse') return respond(await target.invoke({ functionArn, payload }));
  if (type === 'Event') {
    // Lambda would try again later; here the log has to do.
    target.invoke({ functionArn, payload }).catch((error) => target.note(functionArn, `Event was dropped: ${error}`));
  }
  const requestId = randomUUID();
  return { status: type === 'Event' ? 202 : 204, headers: { 'x-amzn-requestid': requestId }, body: '' };
}

function qualified(name: string, qualifier: string | null): string {
  return qualifier === null ? name : `${name}:${qualifier}`;
}

function invocationType(header: string | string[] | undefined): InvocationType {
  const type = header ?? 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw new InvalidParameterValueException(
    `InvocationType is "${type}"; expected one of RequestResponse, Event, DryRun.`,
  );
}

async function readBody(req: IncomingMessage, type: InvocationType): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of req as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= PAYLOAD_LIMIT[type]) pieces.push(piece);
  }
  // Read to its end all the same: a client that is still sending does not see an early answer.
  if (size <= PAYLOAD_LIMIT[type]) return Buffer.concat(pieces).toString('utf8');
  throw new RequestTooLargeException(
    `${size} byte payload is too large for the ${type} invocation type (limit ${PAYLOAD_LIMIT[type]} bytes)`,
  );
}

function respond(result: { payload: string; functionError?: string; requestId: string }): Answer {
  const headers = {
    'x-amzn-requestid': result.requestId,
    'x-amz-executed-version': '$LATEST',
    ...(result.functionError && { 'x-amz-function-error': result.functionError }),
  };
  return { status: 200, headers, body: result.payload };
}

function unknownOperation(request: string): Answer {
  const headers = { 'x-amzn-requestid': randomUUID(), 'x-amzn-errortype': 'UnknownOperationException' };
  const body = JSON.stringify({ Message: `${request} is not an operation of this Lambda; expected Invoke.` });
  return { status: 404, headers, body };
}

function answerError(thrown: unknown): Answer {
  const error = thrown instanceof LambdaError ? thrown : new ServiceException(String(thrown), { cause: thrown });
  const errorType = error.name.slice('Lambda.'.length);
  const headers = { 'x-amzn-requestid': randomUUID(), 'x-amzn-errortype': errorType };
  const blame = error.statusCode < 500 ? 'User' : 'Service';
  return { status: error.statusCode, headers, body: JSON.stringify({ Type: blame, Message: error.message }) };
}
