/** What goes wrong with one call, on request. */
export type Fault =
  /** Nothing is done; this service error is answered in the service's own wire form. */
  | { kind: 'error'; name: string; message?: string; status?: number }
  /** Nothing is done; S3 answers SlowDown, 503. */
  | { kind: 'throttle' }
  /** Nothing is done; 500 in wire form, or with `html` a 503 page as a load balancer writes it. */
  | { kind: 'server-error'; status?: number; html?: boolean }
  /** Nothing is done or answered; the socket stays open until the client or `close()` ends it. */
  | { kind: 'hang' }
  /** The operation is carried out, then the socket is destroyed with no answer. */
  | { kind: 'reply-lost' }
  /** Nothing is done, the socket is destroyed: the request never arrived. */
  | { kind: 'reset' }
  /** Half of the body is sent, then the socket is destroyed. */
  | { kind: 'short-read' }
  /** A range that was asked for is not looked at: 200 and the whole object. */
  | { kind: 'whole-object' };

/** One call as a fault script sees it. */
export interface FaultCall {
  /** API name, such as `GetObject`. */
  readonly operation: string;
  /** Parameters under their API names; no bodies. */
  readonly input: Record<string, unknown>;
  /** What the call is signed with. */
  readonly accessKeyId?: string | undefined;
}

/** Asked once for each call that is well formed and allowed; `undefined` lets the call pass. */
export type FaultHook = (call: FaultCall) => Fault | undefined | Promise<Fault | undefined>;
