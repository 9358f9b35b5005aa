import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkSigned } from './authorization';
import { type Dispatch, type OperationName, operationName } from './dispatch';
import { EcrError } from './errors';
import { type Fields, isStructure } from './input';
import { decodeBlob, liftBlob } from './part-blob';
import { giveBack, readBody } from './request-body';

const TARGET_PREFIX = 'AmazonEC2ContainerRegistry_V20150921.';
const JSON_TYPE = 'application/x-amz-json-1.1';
const MAX_BODY = 48 * 1024 * 1024;

/** Answers one awsJson1.1 call. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export async function serveJson(
  dispatch: Dispatch,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const operation = operationName(targetOf(request));
    const accessKeyId = checkSigned(dispatch.registry, request.headers.authorization);
    const body = await readWhole(request);
    send(response, 200, await dispatch.call(operation, inputOf(body, operation), { origin, accessKeyId }));
    // A part's blob lies in it: 14 MB, and nothing of them is used any more.
    giveBack(body);
  } catch (error) {
    if (!(error instanceof EcrError)) throw error;
    send(response, error.status, { __type: error.code, message: error.message, ...error.fields });
  }
}

function targetOf(request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  const type = request.headers['content-type'] ?? '';
  if (request.method !== 'POST' || !target.startsWith(TARGET_PREFIX) || type.split(';')[0]?.trim() !== JSON_TYPE) {
    const found = `${request.method} with target '${target}' and type '${type}'`;
    throw new EcrError('UnknownOperationException', `${found} is not a call on this service`);
  }
  return target.slice(TARGET_PREFIX.length);
}

async function readWhole(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request, MAX_BODY);
  if (body) return body;
  throw new EcrError('RequestEntityTooLargeException', `The request is longer than ${MAX_BODY} bytes`, 413);
}

function inputOf(body: Buffer, operation: OperationName): Fields {
  if (operation !== 'UploadLayerPart') return parse(body.toString());
  const { json, blob } = liftBlob(body);
  const input = parse(json);
  if (blob !== undefined) return { ...input, layerPartBlob: blob };
  const { layerPartBlob } = input;
  return typeof layerPartBlob === 'string' ? { ...input, layerPartBlob: decodeBlob(layerPartBlob) } : input;
}

function parse(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new EcrError('SerializationException', 'The request body is not JSON');
  }
  if (!isStructure(value)) throw new EcrError('SerializationException', 'The request body is not a structure');
  return value;
}

function send(response: ServerResponse, status: number, body: object): void {
  const content = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': JSON_TYPE,
    'Content-Length': Buffer.byteLength(content),
    'x-amzn-RequestId': randomUUID(),
  });
  response.end(content);
}
