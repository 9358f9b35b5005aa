import type { TaskState } from '../definition/machine';
import type { FunctionReply } from '../function-call';
import { type Json, PAYLOAD_LIMIT } from '../json';
import { Aborted, errorAndCause, StateFailure, stopIfAborted } from './failure';
import { type Invocation, invocationOf } from './invocation';
import { failureOfReply, failureOfThrown } from './lambda-failure';
import { withRecovery } from './recovery';
import { sleep } from './sleep';
import type { Transition, Visit } from './visit';

const SECONDS = {
  type: 'number',
  accepts: (value: number) => Number.isInteger(value) && value >= 1 && value <= 99_999_999,
  expected: 'an integer from 1 to 99999999',
} as const;

/** Calls the function and waits for its reply. */
export function runTask(state: TaskState, visit: Visit): Promise<Transition> {
  return withRecovery(state, visit, { work: () => attempt(state, visit) });
}

async function attempt(state: TaskState, visit: Visit): Promise<Json> {
  const timeout = await visit.valueAs<number>(state.timeoutSeconds, SECONDS);
  const heartbeat = await visit.valueAs<number>(state.heartbeatSeconds, SECONDS);
  const parameters = await visit.value(state.arguments, visit.input);
  visit.checkSize(parameters);
  const invocation = invocationOf(state.resource, parameters, visit);
  invocation.scheduled({ timeout, heartbeat });
  // A function gives no heartbeat before it replies, so the shorter of both bounds the call.
  const bound = Math.min(timeout ?? Infinity, heartbeat ?? Infinity);
  try {
    return finish(await call(invocation, visit, bound), invocation, visit);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    invocation.ended(error.error === 'States.Timeout' ? 'TimedOut' : 'Failed', errorAndCause(error));
    throw error;
  }
}

async function call(invocation: Invocation, visit: Visit, seconds: number): Promise<FunctionReply> {
  const { run, signal } = visit.flow;
  const controller = new AbortController();
  const { functionArn, payload } = invocation;
  const either = AbortSignal.any([signal, controller.signal]);
  const reply = invoke(() => run.invokeFunction({ functionArn, payload, signal: either }));
  try {
    return await Promise.race([
      reply,
      aborted(signal, controller.signal),
      timeLimit(visit, seconds, controller.signal),
    ]);
  } finally {
    controller.abort();
    // Whoever lost the race has nobody left to tell.
    reply.catch(() => undefined);
  }
}

async function invoke(send: () => Promise<FunctionReply>): Promise<FunctionReply> {
  try {
    return await send();
  } catch (error) {
    throw failureOfThrown(error);
  }
}

function aborted(signal: AbortSignal, settled: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Aborted());
    signal.addEventListener('abort', () => reject(new Aborted()), { once: true, signal: settled });
  });
}

async function timeLimit(visit: Visit, seconds: number, settled: AbortSignal): Promise<never> {
  if (seconds === Infinity) return new Promise(() => undefined);
  await sleep(visit.flow.run.clock, seconds * 1000, AbortSignal.any([visit.flow.signal, settled]));
  throw new StateFailure({ error: 'States.Timeout' });
}

function finish(reply: FunctionReply, invocation: Invocation, visit: Visit): Json {
  stopIfAborted(visit.flow.signal);
  const failure = failureOfReply(reply);
  if (failure !== undefined) throw failure;
  const result = invocation.result(reply);
  const output = JSON.stringify(result);
  if (visit.flow.run.history.weigh(output) > PAYLOAD_LIMIT) throw visit.tooLarge(invocation.label, false);
  invocation.ended('Succeeded', { output, outputDetails: { truncated: false } });
  return result;
}
