import { randomUUID } from 'node:crypto';
import type { FunctionReply } from '../function-call';
import { byteLength, type Json, type JsonObject } from '../json';

/**
 * The result of `lambda:invoke`: the payload, and around it what the SDK tells of the call. `now` is epoch milliseconds.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function invokeResult(reply: FunctionReply, payload: Json, now: number): JsonObject {
  const requestId = reply.requestId ?? randomUUID();
  const headers: Record<string, string> = {
    Connection: 'keep-alive',
    'Content-Length': String(byteLength(reply.payload)),
    'Content-Type': 'application/json',
    Date: new Date(now).toUTCString(),
    'X-Amz-Executed-Version': '$LATEST',
    'x-amzn-Remapped-Content-Length': '0',
    'x-amzn-RequestId': requestId,
    'X-Amzn-Trace-Id': `Root=1-${Math.floor(now / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`,
  };
  return {
    ExecutedVersion: '$LATEST',
    Payload: payload,
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}
