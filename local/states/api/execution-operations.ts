import { executionArn, stateMachineArn } from '../arn';
import { type Execution, redriveRefusal } from '../executions/execution';
import type { Operation } from './operation';
import { pageOf } from './paging';
import { timestamp } from './timestamp';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;
const REDRIVE_FILTERS = ['REDRIVEN', 'NOT_REDRIVEN'] as const;
const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export const startExecution: Operation = async (fields, { machines, executions }) => {
  const machine = machines.get(stateMachineArn(fields.requiredText('stateMachineArn')));
  const execution = executions.start(machine, { name: fields.text('name'), input: fields.text('input') });
  return { executionArn: execution.executionArn, startDate: timestamp(execution.startDate) };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export const describeExecution: Operation = async (fields, { executions, clock }) => {
  const execution = executions.get(executionArn(fields.requiredText('executionArn')));
  const refusal = redriveRefusal(execution, clock.now());
  const { output, error, cause } = execution;
  return {
    ...summary(execution),
    input: execution.input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(refusal === undefined ? {} : { redriveStatusReason: refusal }),
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html */
export const stopExecution: Operation = async (fields, { executions, clock }) => {
  const arn = executionArn(fields.requiredText('executionArn'));
  const error = fields.shortText('error', LONGEST_ERROR);
  const cause = fields.shortText('cause', LONGEST_CAUSE);
  executions.stop(arn, { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
  const execution = await executions.settled(arn);
  return { stopDate: timestamp(execution.stopDate ?? clock.now()) };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
export const redriveExecution: Operation = async (fields, { executions, clock }) => {
  const execution = executions.redrive(executionArn(fields.requiredText('executionArn')));
  return { redriveDate: timestamp(execution.redriveDate ?? clock.now()) };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
export const listExecutions: Operation = async (fields, { machines, executions }) => {
  const machine = machines.get(stateMachineArn(fields.requiredText('stateMachineArn')));
  const status = fields.choice('statusFilter', STATUSES);
  const redriven = fields.choice('redriveFilter', REDRIVE_FILTERS);
  const size = fields.maxResults();
  const found = executions.of(machine.arn);
  const listing = { scope: `executions ${machine.arn}`, items: found, keyOf: (item: Execution) => item.executionArn };
  const wanted = (item: Execution): boolean =>
    (status === undefined || item.status === status) &&
    (redriven === undefined || item.redriveCount > 0 === (redriven === 'REDRIVEN'));
  // An execution may leave the filter between two pages; the token then still names its place in the whole list.
  const page = pageOf({ ...listing, wanted }, fields.text('nextToken'), size);
  return {
    executions: page.items.map(summary),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};

function summary(execution: Execution): Record<string, unknown> {
  const { stopDate, redriveDate } = execution;
  return {
    executionArn: execution.executionArn,
    stateMachineArn: execution.stateMachineArn,
    name: execution.name,
    status: execution.status,
    startDate: timestamp(execution.startDate),
    redriveCount: execution.redriveCount,
    ...(stopDate === undefined ? {} : { stopDate: timestamp(stopDate) }),
    ...(redriveDate === undefined ? {} : { redriveDate: timestamp(redriveDate) }),
  };
}
