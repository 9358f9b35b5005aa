import { byteLength } from '../json';
import { type Execution, type ExecutionStatus, redriveRefusal } from './execution';

/**
 * Detail of the EventBridge event "Step Functions Execution Status Change"; times are epoch milliseconds.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export interface StatusChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string | null;
  readonly output: string | null;
  readonly stateMachineVersionArn: null;
  readonly stateMachineAliasArn: null;
  readonly redriveCount: number;
  readonly redriveDate: number | null;
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly redriveStatusReason: string | null;
  readonly inputDetails: { readonly included: boolean };
  readonly outputDetails: { readonly included: boolean } | null;
  readonly error: string | null;
  readonly cause: string | null;
}

// An event has room for this many bytes of escaped input and output; the input is left out first.
const PAYLOAD_ROOM = 248 * 1024;

/** The event's detail for an execution as it stands. */
export function statusChange(execution: Execution, now: number): StatusChange {
  const { executionArn, stateMachineArn, name, status, startDate, redriveCount } = execution;
  const output = execution.output ?? null;
  const outputFits = escapedBytes(output) <= PAYLOAD_ROOM;
  const inputFits = escapedBytes(execution.input) + escapedBytes(output) <= PAYLOAD_ROOM;
  const refusal = redriveRefusal(execution, now);
  return {
    ...{ executionArn, stateMachineArn, name, status, startDate, redriveCount },
    stopDate: execution.stopDate ?? null,
    input: inputFits ? execution.input : null,
    output: outputFits ? output : null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveDate: execution.redriveDate ?? null,
    redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    redriveStatusReason: refusal ?? null,
    inputDetails: { included: inputFits },
    outputDetails: output === null ? null : { included: outputFits },
    error: execution.error ?? null,
    cause: execution.cause ?? null,
  };
}

function escapedBytes(text: string | null): number {
  return text === null ? 0 : byteLength(JSON.stringify(text));
}
