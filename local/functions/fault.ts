/** What goes wrong with one invocation on purpose: its child dies, or Lambda refuses. */
export type FunctionFault =
  | { readonly kind: 'kill-before' }
  /** Milliseconds after the handler was given the event. */
  | { readonly kind: 'kill-after-ms'; readonly ms: number }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'service-exception' };
