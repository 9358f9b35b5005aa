import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { type ErrorName, RequestInvalid, SlipwayError } from '../../contract/errors';
import { splitMessage } from '../../contract/finding';
import type { Problem } from '../../contract/push-api';

const logger = new Logger({ serviceName: 'slipway-api' });

/** What API Gateway hands to a function, as far as it is used. */
const ApiRequest = z.object({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  queryStringParameters: z.record(z.string(), z.string()).nullish(),
});

/** What a function hands back. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export interface ApiReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of a request, each in the shape that the operation demands. */
export interface RequestShape<Path, Query, Body> {
  readonly path?: z.ZodType<Path>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
}

/**
 * A handler of the API: what `run` returns is the answer, with `status`; what it throws becomes code, message and
 * remedy.
 */
export function operation<Path, Query, Body>(
  shape: RequestShape<Path, Query, Body>,
  status: number,
  run: (request: { path: Path; query: Query; body: Body }) => Promise<unknown>,
): (event: unknown, context: Context) => Promise<ApiReply> {
  return async (event, context) => {
    logger.addContext(context);
    try {
      const { pathParameters, queryStringParameters, ...message } = ApiRequest.parse(event);
      return reply(
        status,
        await run({
          path: parsed('path', shape.path, pathParameters ?? {}),
          query: parsed('query', shape.query, queryStringParameters ?? {}),
          body: parsed('body', shape.body, shape.body === undefined ? {} : json(message)),
        }),
      );
    } catch (error) {
      const answer = problem(error);
      if (answer.statusCode >= 500) logger.error('request failed', error as Error);
      return answer;
    }
  };
}

const STATUS: { readonly [name in ErrorName]?: number } = {
  RequestInvalid: 400,
  KeyInvalid: 400,
  DropNotFound: 404,
  PushNotFound: 404,
  PushEnded: 409,
  ClientTokenReused: 409,
  Throttled: 429,
  ServiceUnavailable: 503,
  NetworkUnreachable: 503,
};

function problem(error: unknown): ApiReply {
  if (!(error instanceof SlipwayError)) {
    const remedy = 'Report this with the request id and the log of the function.';
    return reply(500, { code: 'Internal', message: 'the request met a bug', remedy } satisfies Problem);
  }
  const { found, remedy = '' } = splitMessage(error.message);
  return reply(STATUS[error.name] ?? 500, { code: error.name, message: found, remedy } satisfies Problem);
}

function reply(statusCode: number, document: unknown): ApiReply {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(document) };
}

function json({ body, isBase64Encoded }: Pick<z.infer<typeof ApiRequest>, 'body' | 'isBase64Encoded'>): unknown {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : body;
  try {
    return text ? JSON.parse(text) : {};
  } catch (error) {
    const found = `the body is no JSON: ${(error as Error).message}`;
    throw new RequestInvalid({ found, remedy: 'Send a JSON object.' });
  }
}

function parsed<T>(part: string, shape: z.ZodType<T> | undefined, value: unknown): T {
  if (shape === undefined) return {} as T;
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  throw new RequestInvalid({
    found: `the ${part} of the request is not as it must be: ${z.prettifyError(error).replaceAll('\n', ' ')}`,
    remedy: 'Compare the request with docs/openapi.json.',
  });
}
