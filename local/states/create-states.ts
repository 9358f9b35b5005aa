import type { IncomingMessage, ServerResponse } from 'node:http';
import { Endpoint } from './api/endpoint';
import { type Clock, systemClock } from './clock';
import { ExecutionStore } from './executions/execution-store';
import { Executions } from './executions/executions';
import type { StateMachineInput } from './executions/state-machine';
import { StateMachines } from './executions/state-machines';
import type { StatusChange } from './executions/status-change';
import type { FaultHook } from './faults';
import type { FunctionCall, FunctionReply } from './function-call';

/** What an emulator of Step Functions is made of. */
export interface StatesOptions {
  /** Folder that executions are kept in; made if missing. */
  readonly dataDir: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock?: Clock;
  readonly faults?: FaultHook;
  /** Runs a Lambda function. A thrown error's `name` becomes the Error of the task. */
  readonly invokeFunction: (call: FunctionCall) => Promise<FunctionReply>;
  readonly onStatusChange?: (change: StatusChange) => void;
  /** From 0 up to 1, for jitter and `$random()`. */
  readonly random?: () => number;
}

/** Step Functions with Standard workflows in JSONata. */
export interface States {
  /** Deploys a state machine, or a new definition of one. ServiceError, mostly InvalidDefinition. */
  createStateMachine(machine: StateMachineInput): Promise<void>;
  /** Serves one request of the API. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Events and the greatest payload, in bytes, of an execution so far. ExecutionDoesNotExist. */
  measure(executionArn: string): { events: number; largestPayload: number };
  /** Resolves when no execution runs. */
  idle(): Promise<void>;
  /** Aborts what runs, and resolves when all is on file. */
  close(): Promise<void>;
}

/** Opens the emulator on its data folder. Executions that were running when it last ended are ABORTED. */
export function createStates(options: StatesOptions): States {
  const { dataDir, region, accountId, invokeFunction, clock = systemClock, random = Math.random } = options;
  const machines = new StateMachines(clock);
  const environment = { clock, random, region, accountId, invokeFunction };
  const executions = new Executions(
    new ExecutionStore(dataDir),
    environment,
    options.onStatusChange ?? (() => undefined),
  );
  const endpoint = new Endpoint({ machines, executions, clock }, region, options.faults);
  return {
    async createStateMachine(machine) {
      machines.deploy(machine);
    },
    handle: (req, res) => endpoint.handle(req, res),
    measure(executionArn) {
      const { events, largestPayload } = executions.get(executionArn);
      return { events: events.length, largestPayload };
    },
    idle: () => executions.idle(),
    async close() {
      endpoint.close();
      await executions.close();
    },
  };
}
