import type { HistoryEvent } from '../history/event';
import type { Frame } from '../interpreter/frame';

/** Status of an execution, as the API names it. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** All that is known of one execution, as it lies in its file. Times are epoch milliseconds. */
export interface Execution {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly name: string;
  readonly input: string;
  readonly startDate: number;
  /** Definition that the execution runs, whatever the machine has become since. */
  readonly definition: string;
  /** When that definition was deployed. */
  readonly updateDate: number;
  readonly loggingConfiguration?: unknown;
  status: ExecutionStatus;
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
  redriveCount: number;
  redriveDate?: number;
  events: readonly HistoryEvent[];
  /** Bytes of the greatest payload in it. */
  largestPayload: number;
  /** Where it stood when it ended without success. */
  frame: Frame;
}

/** Why a redrive of the execution is refused, or undefined where it is not. `now` is epoch milliseconds. */
export function redriveRefusal(execution: Execution, now: number): string | undefined {
  if (execution.status === 'RUNNING' || execution.status === 'SUCCEEDED') {
    return `Execution is ${execution.status} and cannot be redriven`;
  }
  if (now - (execution.stopDate ?? now) > REDRIVABLE_MS)
    return 'Execution has exceeded the redrivable period of 14 days';
  if (execution.events.length > MOST_EVENTS) return 'Execution history event limit exceeded';
  return undefined;
}

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
const REDRIVABLE_MS = 14 * 24 * 60 * 60 * 1000;
const MOST_EVENTS = 24_999;
