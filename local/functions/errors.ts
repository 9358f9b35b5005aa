/**
 * An invocation that Lambda refuses or fails itself; the function did not run. `name` is how Step Functions reports it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
export abstract class LambdaError extends Error {
  abstract override readonly name: `Lambda.${string}`;
  /** HTTP status of the Invoke API. */
  abstract readonly statusCode: number;
}

/** No function has this name or ARN. */
export class ResourceNotFoundException extends LambdaError {
  readonly name = 'Lambda.ResourceNotFoundException';
  readonly statusCode = 404;
}

/** The function's reserved concurrency is used up, or a fault says so. */
export class TooManyRequestsException extends LambdaError {
  readonly name = 'Lambda.TooManyRequestsException';
  readonly statusCode = 429;
}

/** Lambda has a fault of its own: no child could be started, or a fault says so. */
export class ServiceException extends LambdaError {
  readonly name = 'Lambda.ServiceException';
  readonly statusCode = 500;
}

/** The payload is longer than the invocation type allows. */
export class RequestTooLargeException extends LambdaError {
  readonly name = 'Lambda.RequestTooLargeException';
  readonly statusCode = 413;
}

/** The payload is not JSON. */
export class InvalidRequestContentException extends LambdaError {
  readonly name = 'Lambda.InvalidRequestContentException';
  readonly statusCode = 400;
}

/** A header or the qualifier of an Invoke request has a value that Lambda does not take. */
export class InvalidParameterValueException extends LambdaError {
  readonly name = 'Lambda.InvalidParameterValueException';
  readonly statusCode = 400;
}

/** `createFunctions` was given a function that Lambda would not create. */
export class InvalidFunctionSpec extends Error {
  override readonly name = 'InvalidFunctionSpec';
}

/** The functions were closed before or while they were invoked. */
export class FunctionsClosed extends Error {
  override readonly name = 'FunctionsClosed';
}
