import { InvalidRequestContentException, RequestTooLargeException } from './errors';

/** How an invocation is answered: with its result, at once, or not run at all. */
export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** Longest request payload in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const PAYLOAD_LIMIT: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * 1024 * 1024,
  Event: 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
};

/** Throws unless the payload is JSON within the limit of the invocation type. */
export function checkPayload(payload: string, type: InvocationType): void {
  const limit = PAYLOAD_LIMIT[type];
  const size = Buffer.byteLength(payload);
  if (size > limit) {
    throw new RequestTooLargeException(
      `${size} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    );
  }
  try {
    JSON.parse(payload);
  } catch (cause) {
    const message = `Could not parse request body into json: ${(cause as Error).message}`;
    throw new InvalidRequestContentException(message, { cause });
  }
}
