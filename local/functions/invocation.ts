import type { Environment, Reply } from './environment';
import type { FunctionFault } from './fault';

/** One run of a handler. */
export interface Invocation {
  readonly requestId: string;
  /** The event, as JSON. */
  readonly payload: string;
  readonly invokedFunctionArn: string;
  readonly signal?: AbortSignal | undefined;
  readonly fault?: FunctionFault | undefined;
}

/** How it went. `initMs` is there for a cold start. */
export interface Outcome {
  readonly reply: Reply;
  readonly initMs?: number;
  readonly durationMs: number;
}

// Lambda gives the init phase 10 s, then tries once more within the function's timeout.
const INIT_LIMIT_MS = 10_000;

/** Loads the function where it is not yet loaded, then runs its handler; `onStart` is called between the two. */
export async function runInvocation(
  environment: Environment,
  invocation: Invocation,
  onStart: () => void,
): Promise<Outcome> {
  const { signal, fault } = invocation;
  const abort = () => void environment.kill('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  if (fault?.kind === 'kill-before') void environment.kill('killed');
  try {
    const init = environment.cold ? await initialise(environment) : undefined;
    onStart();
    if (init && init.reply.kind !== 'ready') return { reply: init.reply, initMs: init.ms, durationMs: 0 };
    return { ...(init && { initMs: init.ms }), ...(await runHandler(environment, invocation)) };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function initialise(environment: Environment): Promise<{ reply: Reply; ms: number }> {
  const started = performance.now();
  environment.cold = false;
  const reply = await environment.exchange(Math.max(INIT_LIMIT_MS, environment.spec.timeout * 1000));
  // A function that could not be loaded is of no use to the next invocation either.
  if (reply.kind !== 'ready') await environment.kill('killed');
  return { reply, ms: performance.now() - started };
}

async function runHandler(environment: Environment, invocation: Invocation): Promise<Outcome> {
  const { requestId, payload, invokedFunctionArn, fault } = invocation;
  const limitMs = environment.spec.timeout * 1000;
  const started = performance.now();
  const end = fault?.kind === 'kill-after-ms' ? setTimeout(() => environment.kill('killed'), fault.ms) : undefined;
  try {
    const deadlineMs = Date.now() + limitMs;
    const reply = await environment.exchange(limitMs, { requestId, payload, deadlineMs, invokedFunctionArn });
    return { reply, durationMs: Math.min(performance.now() - started, limitMs) };
  } finally {
    clearTimeout(end);
  }
}
