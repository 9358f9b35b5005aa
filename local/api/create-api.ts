import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answerAsGateway, type GatewayAnswer } from './answers';
import { type BodyCheck, bodyCheck } from './body-check';
import { proxyEvent, proxyReply } from './proxy';
import { type RestApi, type RestMethod, type Route, routeTo } from './rest-api';
import { refusalOf, type SignedRequest } from './signature';

/** What an emulator of API Gateway is made of. */
export interface ApiOptions {
  readonly apis: readonly RestApi[];
  readonly accountId: string;
  readonly region: string;
  /** Secret of an access key; undefined for one that nobody has. */
  readonly secretOf: (accessKeyId: string) => string | undefined;
  readonly invokeFunction: (call: {
    functionArn: string;
    payload: string;
  }) => Promise<{ functionError?: string; payload: string }>;
  /** Clock in milliseconds. */
  readonly now?: () => number;
}

/** Deployed REST APIs without a port. */
export interface Api {
  /** Serves one request: `/_aws/execute-api/<api id>/<stage>/…`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const API_PATH = /^\/_aws\/execute-api\/([a-z0-9]+)\/([A-Za-z0-9_-]+)(\/[^?]*)?(?:\?|$)/;

/** REST APIs with proxy integrations: routes, signatures, models and gateway responses. */
export function createApi(options: ApiOptions): Api {
  const checks = new Map<RestMethod, BodyCheck>();
  for (const method of options.apis.flatMap(({ methods }) => methods)) {
    if (method.bodySchema) checks.set(method, bodyCheck(method.bodySchema));
  }
  return { handle: (request, response) => handle(request, response, options, checks) };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: ApiOptions,
  checks: ReadonlyMap<RestMethod, BodyCheck>,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const request = { method, url, headers, body: await buffer(incoming) };
  const [, apiId, stage, path = '/'] = API_PATH.exec(url) ?? [];
  response.setHeader('x-amzn-RequestId', randomUUID());
  const api = options.apis.find((candidate) => candidate.id === apiId && candidate.stage === stage);
  if (!api) return void response.writeHead(403, { 'Content-Type': 'application/json' }).end('{"message":"Forbidden"}');
  const route = routeTo(api, method, path);
  const refusal = refused(request, route, options, checks);
  if (refusal) return answerAsGateway(api, response, refusal);
  if (route) await proxy(api, request, route, path, response, options);
}

function refused(
  request: SignedRequest,
  route: Route | undefined,
  { region, secretOf, now = Date.now }: ApiOptions,
  checks: ReadonlyMap<RestMethod, BodyCheck>,
): GatewayAnswer | undefined {
  // API Gateway answers a path that it does not have as if it were a request without a signature.
  if (!route) return { ...NO_ROUTE, status: 403 };
  const refusal = route.method.isSigned ? refusalOf(request, { region, secretOf, now: now() }) : undefined;
  if (refusal) return { ...refusal, status: 403 };
  const type = request.headers['content-type'] ?? 'application/json';
  // A body of a type that has no model is handed on as it is.
  const check = /^application\/json\b/.test(type) ? checks.get(route.method) : undefined;
  const validationError = check?.(request.body.toString('utf8'));
  return validationError === undefined ? undefined : { ...BAD_BODY, validationError };
}

const NO_ROUTE = {
  type: 'MISSING_AUTHENTICATION_TOKEN',
  errorType: 'MissingAuthenticationTokenException',
  message: 'Missing Authentication Token',
};

const BAD_BODY = {
  type: 'BAD_REQUEST_BODY',
  status: 400,
  errorType: 'BadRequestException',
  message: 'Invalid request body',
};

const BAD_REPLY = {
  type: 'DEFAULT_5XX',
  status: 502,
  errorType: 'InternalServerErrorException',
  message: 'Internal server error',
};

async function proxy(
  api: RestApi,
  request: SignedRequest,
  route: Route,
  path: string,
  response: ServerResponse,
  { accountId, invokeFunction, now = Date.now }: ApiOptions,
): Promise<void> {
  const requestId = String(response.getHeader('x-amzn-RequestId'));
  const event = proxyEvent(request, route, {
    requestId,
    accountId,
    apiId: api.id,
    stage: api.stage,
    path,
    now: now(),
  });
  const result = await invokeFunction({ functionArn: route.method.functionArn, payload: JSON.stringify(event) });
  const reply = result.functionError === undefined ? proxyReply(result.payload) : undefined;
  if (!reply) return answerAsGateway(api, response, BAD_REPLY);
  response.writeHead(reply.statusCode, { 'Content-Type': 'application/json', ...reply.headers }).end(reply.body);
}
