import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionStatus,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { RequestInvalid } from '../contract/errors';
import type { StateEvent } from '../contract/state-output';
import { sfn } from './clients/sfn';
import { translateError } from './translate-error';

/** One execution as Step Functions tells it. */
export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
  /** JSON text. */
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** ARN of the execution that has this name. */
export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** The execution, or undefined where there is none. */
export async function describeExecution(executionArn: string): Promise<Execution | undefined> {
  try {
    return toExecution(await sfn.send(new DescribeExecutionCommand({ executionArn })));
  } catch (error) {
    if (['ExecutionDoesNotExist', 'InvalidArn'].includes((error as Error).name)) return undefined;
    throw translateError(error, 'states:DescribeExecution') ?? error;
  }
}

/** Executions of the state machine, newest first. RequestInvalid for a token that is none. */
export async function listExecutions(
  stateMachineArn: string,
  page: { status?: ExecutionStatus | undefined; limit: number; nextToken?: string | undefined },
): Promise<{ executions: Omit<Execution, 'input'>[]; nextToken?: string }> {
  const { status: statusFilter, limit: maxResults, nextToken } = page;
  try {
    const request = new ListExecutionsCommand({ stateMachineArn, statusFilter, maxResults, nextToken });
    const { executions = [], nextToken: next } = await sfn.send(request);
    return { executions: executions.map(toExecution), ...(next === undefined ? {} : { nextToken: next }) };
  } catch (error) {
    if ((error as Error).name !== 'InvalidToken') throw translateError(error, 'states:ListExecutions') ?? error;
    const found = 'nextToken is not one of this list';
    throw new RequestInvalid({ found, remedy: 'Begin with the first page.' }, { cause: error });
  }
}

/** Ends a running execution as ABORTED. */
export async function stopExecution(executionArn: string, reason: string): Promise<Date> {
  const stop = new StopExecutionCommand({ executionArn, error: 'Stopped', cause: reason });
  const { stopDate = new Date() } = await sfn.send(stop).catch((error) => {
    throw translateError(error, 'states:StopExecution') ?? error;
  });
  return stopDate;
}

const MOST_PAGES = 10;

/** What the states of an execution did, newest first, as far back as 10,000 events. */
export async function* stateEvents(executionArn: string): AsyncGenerator<StateEvent> {
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const request = { executionArn, reverseOrder: true, maxResults: 1000, nextToken };
    const reply = await sfn.send(new GetExecutionHistoryCommand(request)).catch((error) => {
      throw translateError(error, 'states:GetExecutionHistory') ?? error;
    });
    for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of reply.events ?? []) {
      if (entered?.name) yield { entered: entered.name };
      if (exited?.output) yield { output: JSON.parse(exited.output) };
    }
    nextToken = reply.nextToken;
    if (!nextToken) return;
  }
}

type Described = Partial<DescribeExecutionCommandOutput>;

function toExecution(described: Described): Execution {
  const {
    executionArn = '',
    name = '',
    status = ExecutionStatus.RUNNING,
    startDate = new Date(0),
    stopDate,
  } = described;
  const { input = '', output, error, cause } = described;
  return {
    executionArn,
    name,
    status,
    startedAt: startDate,
    ...(stopDate === undefined ? {} : { stoppedAt: stopDate }),
    input,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}
