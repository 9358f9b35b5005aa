import { SlipwayError } from './errors';

/** What only callers of the API meet: the request is well-formed, and what it asks for is not there or not possible. */
export const API_ERRORS = ['PushNotFound', 'PushEnded', 'ClientTokenReused', 'DropNotFound'] as const;

export type ApiErrorName = (typeof API_ERRORS)[number];

/** No push has this id, or not any more: Step Functions keeps executions for 90 days. */
export class PushNotFound extends SlipwayError {
  readonly name = 'PushNotFound';
}
/** The push has ended, so there is nothing to stop. */
export class PushEnded extends SlipwayError {
  readonly name = 'PushEnded';
}
/** The client token came before, with another request. */
export class ClientTokenReused extends SlipwayError {
  readonly name = 'ClientTokenReused';
}
/** No drop of this deployment has this prefix. */
export class DropNotFound extends SlipwayError {
  readonly name = 'DropNotFound';
}
