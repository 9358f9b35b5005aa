import type { ServerResponse } from 'node:http';
import type { RestApi } from './rest-api';

/** What the gateway answers on its own, before a method's function is asked or where that fails. */
export interface GatewayAnswer {
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
  readonly type: string;
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
  /** Of a request that is not as its model says. */
  readonly validationError?: string;
}

/** Answers with the template of the response type, or of its class, or as the gateway does without one. */
export function answerAsGateway({ responses }: RestApi, response: ServerResponse, answer: GatewayAnswer): void {
  const { type, status, errorType, message, validationError = '' } = answer;
  const chosen =
    responses.find((candidate) => candidate.type === type) ??
    responses.find((candidate) => candidate.type === (status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX'));
  const values: Record<string, string> = {
    messageString: JSON.stringify(message),
    message: inside(message),
    responseType: type,
    validationErrorString: inside(validationError),
  };
  const body = (chosen?.template ?? '{"message":$context.error.messageString}').replace(
    /\$context\.error\.(\w+)/g,
    (_, name: string) => values[name] ?? '',
  );
  const headers = { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType };
  response.writeHead(chosen?.statusCode ?? status, headers).end(body);
}

function inside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
