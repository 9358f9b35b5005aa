import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/**
 * What API Gateway answers on its own, in the shape that every failure has: code, message, remedy.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addGatewayResponses(api: RestApi): void {
  for (const { type, status, code, message = MESSAGE, remedy } of ANSWERS) {
    api.addGatewayResponse(`${code}-${type.responseType}`, {
      type,
      ...(status === undefined ? {} : { statusCode: String(status) }),
      templates: { 'application/json': `{"code":"${code}","message":${message},"remedy":"${remedy}"}` },
    });
  }
}

// API Gateway puts the values in; this one with its quotes.
const MESSAGE = '$context.error.messageString';

const SIGN = 'Sign the request with current credentials, for service execute-api in the region of the API.';
const COMPARE = 'Compare the request with docs/openapi.json.';

interface Answer {
  readonly type: ResponseType;
  readonly status?: number;
  readonly code: string;
  readonly message?: string;
  readonly remedy: string;
}

const ANSWERS: readonly Answer[] = [
  {
    type: ResponseType.BAD_REQUEST_BODY,
    code: 'RequestInvalid',
    message: '"$context.error.validationErrorString"',
    remedy: COMPARE,
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'RequestInvalid',
    message: '"$context.error.validationErrorString"',
    remedy: COMPARE,
  },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, code: 'RequestInvalid', remedy: 'Send application/json.' },
  { type: ResponseType.REQUEST_TOO_LARGE, code: 'RequestInvalid', remedy: COMPARE },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'CredentialsInvalid',
    remedy: `${SIGN} A path that the API does not have is answered like this, too.`,
  },
  { type: ResponseType.INVALID_SIGNATURE, code: 'CredentialsInvalid', remedy: SIGN },
  { type: ResponseType.EXPIRED_TOKEN, code: 'CredentialsInvalid', remedy: SIGN },
  {
    type: ResponseType.ACCESS_DENIED,
    code: 'PermissionDenied',
    remedy: 'Allow execute-api:Invoke on this method and path to the caller.',
  },
  { type: ResponseType.THROTTLED, code: 'Throttled', remedy: 'Send the request again in a moment.' },
  { type: ResponseType.INTEGRATION_TIMEOUT, code: 'ServiceUnavailable', remedy: 'Send the request again in a moment.' },
  { type: ResponseType.INTEGRATION_FAILURE, code: 'ServiceUnavailable', remedy: 'Look at the log of the function.' },
  { type: ResponseType.DEFAULT_4XX, code: 'RequestInvalid', remedy: COMPARE },
  { type: ResponseType.DEFAULT_5XX, code: 'ServiceUnavailable', remedy: 'Send the request again in a moment.' },
];
