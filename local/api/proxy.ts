import type { Route } from './rest-api';
import type { SignedRequest } from './signature';

/** Where a request came in. */
export interface ProxyContext {
  readonly requestId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly accountId: string;
  /** Below the stage. */
  readonly path: string;
  /** Milliseconds. */
  readonly now: number;
}

/** The event that a function behind a proxy integration gets. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function proxyEvent(request: SignedRequest, { method, pathParameters }: Route, context: ProxyContext): object {
  const { accountId, apiId, stage, path, requestId, now } = context;
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat()] as const);
  const query = [...new URLSearchParams(request.url.split(/\?(.*)/s)[1] ?? '')];
  const [, accessKey = null] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  return {
    resource: method.resource,
    path,
    httpMethod: request.method,
    headers: Object.fromEntries(headers.map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: orNull(Object.fromEntries(query)),
    multiValueQueryStringParameters: orNull(Object.fromEntries(query.map(([name, value]) => [name, [value]]))),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      accountId,
      apiId,
      stage,
      requestId,
      resourcePath: method.resource,
      httpMethod: request.method,
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestTimeEpoch: now,
      identity: {
        accountId,
        accessKey,
        caller: accountId,
        user: accountId,
        userArn: `arn:aws:iam::${accountId}:root`,
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? null,
      },
    },
    body: request.body.length === 0 ? null : request.body.toString('utf8'),
    isBase64Encoded: false,
  };
}

/** What a function answered. */
export interface ProxyReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads a function's answer; undefined for one that is malformed, which callers see as 502. */
export function proxyReply(payload: string): ProxyReply | undefined {
  const { statusCode, headers = {}, body = '' } = (JSON.parse(payload) ?? {}) as Partial<ProxyReply>;
  const isWhole = Number.isInteger(statusCode) && typeof headers === 'object' && typeof body === 'string';
  return isWhole ? { statusCode: statusCode as number, headers, body } : undefined;
}

function orNull<T extends object>(fields: T): T | null {
  return Object.keys(fields).length === 0 ? null : fields;
}
