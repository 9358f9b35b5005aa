import type { Clock } from '../clock';
import type { Machine } from '../definition/machine';
import { addedFunctions } from '../evaluation/added-functions';
import type { FunctionCall, FunctionReply } from '../function-call';
import { type History, HistoryFull } from '../history/history';
import { Aborted, errorAndCause, StateFailure } from '../interpreter/failure';
import type { RunContext } from '../interpreter/run-context';
import { runFlow } from '../interpreter/run-flow';
import { sleep } from '../interpreter/sleep';
import type { Json } from '../json';
import type { Execution, ExecutionStatus } from './execution';

/** What runs are made of, the same for all executions. */
export interface RunEnvironment {
  readonly clock: Clock;
  readonly random: () => number;
  readonly region: string;
  readonly accountId: string;
  readonly invokeFunction: (call: FunctionCall) => Promise<FunctionReply>;
}

/** How an execution ended. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Why a run was stopped from outside: the reason of its abort signal. */
export class Stop {
  constructor(readonly ending: Ending) {}
}

/** Runs an execution from where its frame stands to its end; its frame moves on with it, and its history grows. */
export async function runExecution(
  execution: Execution,
  machine: Machine,
  environment: RunEnvironment,
  run: { readonly history: History; readonly controller: AbortController },
): Promise<Ending> {
  const { history, controller } = run;
  const over = new AbortController();
  void limitTime(machine, environment.clock, controller, over.signal);
  try {
    const context = runContext(execution, environment, history);
    const output = await runFlow(machine, {
      run: context,
      frame: execution.frame,
      outer: {},
      signal: controller.signal,
    });
    return { status: 'SUCCEEDED', output: JSON.stringify(output) };
  } catch (error) {
    return endingOf(error, controller.signal);
  } finally {
    over.abort();
  }
}

/** Writes the event of an ending; those that come from outside follow none of the flow's events. */
export function recordEnding(history: History, ending: Ending, lastEvent: number): void {
  const { error, cause, output, status } = ending;
  const failure = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
  if (status === 'SUCCEEDED') {
    history.end('ExecutionSucceeded', lastEvent, { output, outputDetails: { truncated: false } });
  } else if (status === 'FAILED') {
    history.end('ExecutionFailed', lastEvent, failure);
  } else {
    history.end(status === 'ABORTED' ? 'ExecutionAborted' : 'ExecutionTimedOut', 0, failure);
  }
}

async function limitTime(
  machine: Machine,
  clock: Clock,
  controller: AbortController,
  over: AbortSignal,
): Promise<void> {
  if (machine.timeoutSeconds === undefined) return;
  try {
    await sleep(clock, machine.timeoutSeconds * 1000, over);
    controller.abort(new Stop({ status: 'TIMED_OUT' }));
  } catch {
    // The execution ended first.
  }
}

function endingOf(error: unknown, signal: AbortSignal): Ending {
  if (error instanceof StateFailure) return { status: 'FAILED', ...errorAndCause(error) };
  if (error instanceof HistoryFull) return { status: 'FAILED', error: 'States.Runtime', cause: error.message };
  if (error instanceof Aborted && signal.reason instanceof Stop) return signal.reason.ending;
  // A bug in the interpreter must end the execution, not the host: it shows as the service's own fault.
  return {
    status: 'FAILED',
    error: 'States.Runtime',
    cause: `Internal error: ${error instanceof Error ? error.stack : String(error)}`,
  };
}

function runContext(execution: Execution, environment: RunEnvironment, history: History): RunContext {
  const { clock, random } = environment;
  return {
    ...environment,
    history,
    functions: addedFunctions({ now: () => clock.now(), random }),
    context: {
      Execution: {
        Id: execution.executionArn,
        Input: JSON.parse(execution.input) as Json,
        Name: execution.name,
        RoleArn: execution.roleArn,
        StartTime: new Date(execution.startDate).toISOString(),
        RedriveCount: execution.redriveCount,
        ...(execution.redriveDate === undefined ? {} : { RedriveTime: new Date(execution.redriveDate).toISOString() }),
      },
      StateMachine: { Id: execution.stateMachineArn, Name: execution.machineName },
    },
  };
}
