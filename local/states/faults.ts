/** What a script lets happen to one call instead of, or after, the operation. */
export type Fault =
  | { kind: 'error'; name: string; message?: string; status?: number }
  | { kind: 'throttle' }
  | { kind: 'server-error'; status?: number; html?: boolean }
  | { kind: 'hang' }
  | { kind: 'reply-lost' }
  /** Nothing is done, the socket is destroyed: the request never arrived. */
  | { kind: 'reset' };

/** One call about to be served: `operation` is the API name, such as StartExecution; `input` its parameters. */
export interface FaultCall {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** What the call is signed with. */
  readonly accessKeyId?: string | undefined;
}

/** Asked before each operation; undefined lets it go on as usual. */
export type FaultHook = (call: FaultCall) => Fault | undefined | Promise<Fault | undefined>;
