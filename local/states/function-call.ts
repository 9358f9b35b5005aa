/** One synchronous Lambda invocation; `payload` is JSON text. Aborting the signal ends it without a reply. */
export interface FunctionCall {
  readonly functionArn: string;
  readonly payload: string;
  readonly signal: AbortSignal;
}

/**
 * What Lambda Invoke answers; with `functionError` the payload is the error's JSON, `errorType` and `errorMessage`.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export interface FunctionReply {
  readonly payload: string;
  readonly functionError?: 'Unhandled' | 'Handled';
  readonly requestId?: string;
}
