import type { Ended, Reply } from './environment';
import { FunctionsClosed, ServiceException } from './errors';
import type { ErrorPayload } from './runtime-messages';

/** What the caller is told, and what the REPORT line says of it. */
export interface Verdict {
  readonly payload: string;
  /** Present where the function failed; the memory limit has a name of its own in the log. */
  readonly reportedType?: string;
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; replies are refused 100 bytes later.
const RESPONSE_LIMIT = 6 * 1024 * 1024 + 100;
const TIMED_OUT = 'Sandbox.Timedout';

// The words of the Go runtime, in which Lambda's supervisor is written.
const SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

/** Puts a reply into Lambda's words. Throws where the function did not fail but was stopped, closed or not started. */
export function verdictOf(reply: Reply, requestId: string, timeout: number, signal?: AbortSignal): Verdict {
  if (reply.kind === 'error') return failed(reply.error);
  if (reply.kind === 'ended') return verdictOfEnd(reply, requestId, timeout, signal);
  const payload = reply.kind === 'result' ? reply.payload : 'null';
  if (Buffer.byteLength(payload) <= RESPONSE_LIMIT) return { payload };
  return failed({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`,
  });
}

/** Whether the REPORT line calls it a timeout. */
export function isTimeout(verdict: Verdict): boolean {
  return verdict.reportedType === TIMED_OUT;
}

function verdictOfEnd(ended: Ended, requestId: string, timeout: number, signal?: AbortSignal): Verdict {
  const because = (errorType: string, text: string) =>
    failed({ errorType, errorMessage: `RequestId: ${requestId} Error: ${text}` });
  switch (ended.cause) {
    case 'aborted':
      throw signal?.reason;
    case 'closed':
      throw new FunctionsClosed('The functions were closed during the invocation.');
    case 'timeout':
      return because(TIMED_OUT, `Task timed out after ${timeout.toFixed(2)} seconds`);
    case 'memory':
      return { ...because('Runtime.ExitError', describeEnd(ended)), reportedType: 'Runtime.OutOfMemory' };
    default:
      if (ended.failure) throw new ServiceException('No child could be started.', { cause: ended.failure });
      return because('Runtime.ExitError', describeEnd(ended));
  }
}

function describeEnd({ code, signal }: Ended): string {
  if (signal) return `Runtime exited with error: signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}

function failed(error: ErrorPayload): Verdict {
  return { payload: JSON.stringify(error), reportedType: error.errorType };
}
