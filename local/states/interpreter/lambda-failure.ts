import type { FunctionReply } from '../function-call';
import { isObject, type Json } from '../json';
import { Aborted, StateFailure } from './failure';

/** The failure that a reply with `functionError` stands for: Error is its errorType, Cause its whole payload. */
export function failureOfReply(reply: FunctionReply): StateFailure | undefined {
  if (reply.functionError === undefined) return undefined;
  const payload = parse(reply.payload);
  const error = isObject(payload) && typeof payload.errorType === 'string' ? payload.errorType : undefined;
  if (error !== undefined) return new StateFailure({ error, reason: reply.payload });
  const found = 'The cause could not be determined because Lambda did not return an error type.';
  return new StateFailure({ error: 'Lambda.Unknown', reason: `${found} Returned payload: ${reply.payload}` });
}

/** The failure of a call that Lambda did not take or answer: Error is the thrown error's name. */
export function failureOfThrown(thrown: unknown): Error {
  if (thrown instanceof Aborted || thrown instanceof StateFailure) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new StateFailure({ error: errorName(name), reason: message });
}

function errorName(name: string): string {
  if (name === 'Error' || name === '') return 'Lambda.SdkClientException';
  // Lambda's API names its own errors without the prefix they have in a state machine.
  return name === 'ResourceNotFoundException' ? 'Lambda.ResourceNotFoundException' : name;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
