import { randomUUID } from 'node:crypto';
import { executionArnOf } from '../arn';
import type { Machine } from '../definition/machine';
import { parseMachine } from '../definition/parse-machine';
import { History } from '../history/history';
import { type Frame, frameAt } from '../interpreter/frame';
import type { Json } from '../json';
import { ServiceError } from '../service-error';
import { type Execution, redriveRefusal } from './execution';
import { type Ending, type RunEnvironment, recordEnding, runExecution, Stop } from './execution-run';
import type { ExecutionStore } from './execution-store';
import { checkedInput, checkedName } from './start-rules';
import type { StateMachine } from './state-machine';
import { type StatusChange, statusChange } from './status-change';

interface ActiveRun {
  readonly history: History;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** All executions, running and ended. Refusals are ServiceErrors. */
export class Executions {
  readonly #byArn = new Map<string, Execution>();
  readonly #active = new Map<string, ActiveRun>();
  #closing = false;

  constructor(
    private readonly store: ExecutionStore,
    private readonly environment: RunEnvironment,
    private readonly onStatusChange: (change: StatusChange) => void,
  ) {
    for (const execution of store.load()) {
      // Its run ended with the program that ran it.
      if (execution.status === 'RUNNING') this.#end(execution, this.#historyOf(execution), { status: 'ABORTED' });
      this.#byArn.set(execution.executionArn, execution);
    }
  }

  /** ExecutionDoesNotExist. */
  get(executionArn: string): Execution {
    const found = this.#byArn.get(executionArn);
    if (found === undefined)
      throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    const run = this.#active.get(executionArn);
    return run === undefined
      ? found
      : { ...found, events: run.history.events, largestPayload: run.history.largestPayload };
  }

  /** Executions of a state machine, newest first. */
  of(stateMachineArn: string): Execution[] {
    const found = [...this.#byArn.values()].filter((execution) => execution.stateMachineArn === stateMachineArn);
    // Stable: of two that began in the same millisecond, the later one comes first.
    return found.reverse().sort((a, b) => b.startDate - a.startDate);
  }

  /** Starts an execution, or finds the running one of the same name and input. */
  start(machine: StateMachine, request: { name?: string | undefined; input?: string | undefined }): Execution {
    const name = checkedName(request.name ?? randomUUID());
    const input = checkedInput(request.input ?? '{}');
    const executionArn = executionArnOf(machine.arn, name);
    const earlier = this.#byArn.get(executionArn);
    if (earlier !== undefined) {
      if (earlier.status === 'RUNNING' && earlier.input === input) return earlier;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const execution = newExecution(machine, executionArn, name, input, this.environment.clock.now());
    const history = this.#historyOf(execution);
    history.weigh(input);
    history.end('ExecutionStarted', 0, { input, inputDetails: { truncated: false }, roleArn: machine.roleArn });
    this.#byArn.set(executionArn, execution);
    this.#run(execution, machine.machine, history);
    return execution;
  }

  /** Ends an execution; one that has ended stays as it is. */
  stop(executionArn: string, failure: { error?: string; cause?: string }): Execution {
    const execution = this.get(executionArn);
    this.#active.get(executionArn)?.controller.abort(new Stop({ status: 'ABORTED', ...failure }));
    return execution;
  }

  /** Resolves when the execution does not run. */
  async settled(executionArn: string): Promise<Execution> {
    await this.#active.get(executionArn)?.done;
    return this.get(executionArn);
  }

  /** Goes on with an execution that ended without success, at the state that failed. */
  redrive(executionArn: string): Execution {
    this.get(executionArn);
    const execution = this.#byArn.get(executionArn) as Execution;
    const now = this.environment.clock.now();
    const refusal = redriveRefusal(execution, now);
    if (refusal !== undefined) throw new ServiceError('ExecutionNotRedrivable', refusal);
    execution.status = 'RUNNING';
    execution.redriveCount += 1;
    execution.redriveDate = now;
    for (const field of ['stopDate', 'error', 'cause'] as const) delete execution[field];
    const history = this.#historyOf(execution);
    continueFrom(execution.frame, history.end('ExecutionRedriven', 0, { redriveCount: execution.redriveCount }));
    this.#run(execution, parseMachine(execution.definition), history);
    return execution;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map((run) => run.done));
  }

  /** Aborts all that runs, and resolves when it is on file. Nobody is told of these aborts: the host is going. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const run of this.#active.values()) run.controller.abort(new Stop({ status: 'ABORTED' }));
    await this.idle();
  }

  #historyOf(execution: Execution): History {
    return new History(this.environment.clock, execution);
  }

  #run(execution: Execution, machine: Machine, history: History): void {
    this.#keep(execution, history);
    this.#changed(execution);
    const controller = new AbortController();
    const finish = async (): Promise<void> => {
      const ending = await runExecution(execution, machine, this.environment, { history, controller });
      this.#active.delete(execution.executionArn);
      this.#end(execution, history, ending);
      this.#changed(execution);
    };
    this.#active.set(execution.executionArn, { history, controller, done: finish() });
  }

  #end(execution: Execution, history: History, ending: Ending): void {
    recordEnding(history, ending, execution.frame.lastEvent);
    Object.assign(execution, ending, { stopDate: this.environment.clock.now() });
    this.#keep(execution, history);
  }

  #keep(execution: Execution, history: History): void {
    execution.events = history.events;
    execution.largestPayload = history.largestPayload;
    this.store.save(execution);
  }

  #changed(execution: Execution): void {
    if (!this.#closing) this.onStatusChange(statusChange(execution, this.environment.clock.now()));
  }
}

function newExecution(
  machine: StateMachine,
  executionArn: string,
  name: string,
  input: string,
  now: number,
): Execution {
  return {
    executionArn,
    stateMachineArn: machine.arn,
    machineName: machine.name,
    roleArn: machine.roleArn,
    name,
    input,
    startDate: now,
    definition: machine.definition,
    updateDate: machine.updateDate,
    ...(machine.loggingConfiguration === undefined ? {} : { loggingConfiguration: machine.loggingConfiguration }),
    status: 'RUNNING',
    redriveCount: 0,
    events: [],
    largestPayload: 0,
    frame: frameAt(machine.machine.startAt, JSON.parse(input) as Json, 0),
  };
}

/** Lets all that did not succeed go on after the redrive's event. */
function continueFrom(frame: Frame, event: number): void {
  frame.lastEvent = event;
  for (const slot of frame.slots ?? []) {
    if (slot.status !== 'done' && slot.frame !== undefined) continueFrom(slot.frame, event);
  }
}
