/**
 * A failed state, as Retry and Catch see it: `error` and `reason` are its Error and Cause, which a Fail state may leave
 * out. A terminal one passes States.ALL and States.TaskFailed.
 */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  readonly reason: string | undefined;
  readonly terminal: boolean;

  constructor(failure: { error?: string | undefined; reason?: string | undefined; terminal?: boolean }) {
    super(`${failure.error ?? ''}: ${failure.reason ?? ''}`);
    this.error = failure.error;
    this.reason = failure.reason;
    this.terminal = failure.terminal ?? false;
  }
}

/** The flow was told to stop: the execution ended, or a sibling failed. Never retried, never caught, leaves no event. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** Throws Aborted once the signal says so. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new Aborted();
}

/** The failure's Error and Cause, without those it does not have. */
export function errorAndCause(failure: StateFailure): { error?: string; cause?: string } {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.reason === undefined ? {} : { cause: failure.reason }),
  };
}

/** True where a rule's ErrorEquals has this failure. https://states-language.net/spec.html#error-representation */
export function matches(errorEquals: readonly string[], failure: StateFailure): boolean {
  return errorEquals.some((name) => {
    if (name === failure.error) return true;
    if (failure.terminal) return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && failure.error !== 'States.Timeout');
  });
}
