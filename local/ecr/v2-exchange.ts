import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatch, OperationName, ReplyOf } from './dispatch';
import type { Fields } from './input';

/** One request on the docker side and what is needed to answer it. */
export interface Exchange {
  readonly dispatch: Dispatch;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** How the client reaches this server, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
}

/** The repository, reference and so on of a request go to an operation of the API as its input. */
export function call<Name extends OperationName>(
  exchange: Exchange,
  operation: Name,
  input: Fields,
): Promise<ReplyOf<Name>> {
  return exchange.dispatch.call(operation, input, exchange);
}

/** Tells a digest from a tag in a manifest's path. */
export function isDigest(reference: string): boolean {
  return reference.includes(':');
}

/** Answers with JSON of a given type. */
export function sendJson(response: ServerResponse, contentType: string, body: object): void {
  const content = JSON.stringify(body);
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(content) }).end(content);
}
