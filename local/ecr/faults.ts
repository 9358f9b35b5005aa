/** What goes wrong with one call, scripted by whoever composes the emulator. */
export type Fault =
  /** Nothing is done; this service error is answered in the service's own wire form. */
  | { kind: 'error'; name: string; message?: string; status?: number }
  /** Nothing is done; the service's own throttling error is answered. */
  | { kind: 'throttle' }
  /** Nothing is done; 500 in wire form, or with `html` a 503 with an HTML body. */
  | { kind: 'server-error'; status?: number; html?: boolean }
  /** Nothing is done, nothing is answered; the socket stays open until the client or `close()` ends it. */
  | { kind: 'hang' }
  /** The operation is carried out, then the socket is destroyed with no answer. */
  | { kind: 'reply-lost' }
  /** Nothing is done, the socket is destroyed: the request never arrived. */
  | { kind: 'reset' }
  /** The upload named in the input is dropped first, then the operation goes on as usual. */
  | { kind: 'forget-upload' }
  /** The newest part of the upload named in the input is lost first, then the operation goes on as usual. */
  | { kind: 'lose-part' }
  /** The first bytes of the part become part of the upload, as many as `bytes` says; then the socket is destroyed. */
  | { kind: 'take-partly'; bytes: number }
  /** The operation is carried out; InitiateLayerUpload recommends this part size. */
  | { kind: 'part-size'; bytes: number };

/** One call, as the fault hook sees it: the API operation and its parameters without blobs. */
export interface FaultCall {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** What the call is signed with. */
  readonly accessKeyId?: string | undefined;
}

/** Decides about each call before it is carried out; `undefined` lets it pass. */
export type FaultHook = (call: FaultCall) => Fault | undefined | Promise<Fault | undefined>;
