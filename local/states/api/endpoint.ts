import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultHook } from '../faults';
import { isObject } from '../json';
import { ServiceError } from '../service-error';
import { checkAuthorization } from './authorization';
import type { Operation, Service } from './operation';
import { OPERATIONS } from './operations';
import { RequestFields } from './request-fields';
import { answer, answerError, answerHtml, readBody, statusOf } from './wire';

const TARGET = /^AWSStepFunctions\.(\w+)$/;

/** The Step Functions API over HTTP: awsJson1.0 on the path `/`. */
export class Endpoint {
  readonly #hanging = new Set<ServerResponse>();

  constructor(
    private readonly service: Service,
    private readonly region: string,
    private readonly faults: FaultHook | undefined,
  ) {}

  /** Serves one request to its end, whatever it is. */
  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      await this.#serve(req, res);
    } catch (error) {
      if (error instanceof ServiceError) answerError(res, statusOf(error.name), error.name, error.message);
      else if (!res.headersSent)
        answerError(res, 500, 'InternalFailure', error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends the requests that a fault left without an answer. */
  close(): void {
    for (const res of this.#hanging) res.destroy();
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const accessKeyId = checkAuthorization(req.headers, this.region);
    const { name, operation } = operationOf(req);
    const input = parseInput(body);
    const fault = await this.faults?.({ operation: name, input, accessKeyId });
    if (fault !== undefined && this.#fail(fault, res)) return;
    const output = await operation(new RequestFields(input), this.service);
    if (fault?.kind === 'reply-lost') res.destroy();
    else answer(res, 200, output);
  }

  /** Plays a fault that keeps the operation from being carried out; false where it is carried out. */
  #fail(fault: Fault, res: ServerResponse): boolean {
    switch (fault.kind) {
      case 'error':
        answerError(res, fault.status ?? 400, fault.name, fault.message ?? fault.name);
        return true;
      case 'throttle':
        answerError(res, 400, 'ThrottlingException', 'Rate exceeded');
        return true;
      case 'server-error':
        if (fault.html === true) answerHtml(res, fault.status ?? 503);
        else answerError(res, fault.status ?? 500, 'InternalFailure', 'The request failed because of an unknown error');
        return true;
      case 'hang':
        this.#hanging.add(res);
        res.once('close', () => this.#hanging.delete(res));
        return true;
      case 'reset':
        res.destroy();
        return true;
      case 'reply-lost':
        return false;
    }
  }
}

function operationOf(req: IncomingMessage): { name: string; operation: Operation } {
  const target = req.headers['x-amz-target'];
  const name = typeof target === 'string' ? TARGET.exec(target)?.[1] : undefined;
  const operation = name !== undefined && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (req.method !== 'POST' || name === undefined || operation === undefined) {
    throw new ServiceError(
      'UnknownOperationException',
      `Unknown operation: ${req.method ?? ''} ${target ?? '(no X-Amz-Target)'}`,
    );
  }
  return { name, operation };
}

function parseInput(body: string | undefined): Record<string, unknown> {
  if (body === undefined) throw new ServiceError('SerializationException', 'The request body is too long');
  try {
    const input: unknown = JSON.parse(body === '' ? '{}' : body);
    if (isObject(input)) return input;
  } catch {
    // No JSON and no object are refused alike.
  }
  throw new ServiceError('SerializationException', 'The request body is not a JSON object');
}
