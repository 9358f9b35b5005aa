/** An error as Lambda replies it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Parent to child: run the handler once. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event, as JSON. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly invokedFunctionArn: string;
}

/**
 * Child to parent. After a `fatal` error the child is of no more use; `memory` (high-water mark, bytes) is sent where
 * the parent cannot read it from /proc.
 */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: ErrorPayload; readonly fatal: boolean }
  | { readonly kind: 'memory'; readonly peakRssBytes: number };
