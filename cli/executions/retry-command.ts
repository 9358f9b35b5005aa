import { RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CommandError } from '../command-error';
import { reporter, SILENT } from '../follow/reporter';
import { pushJson, pushReport } from '../push-report';
import { followToEnd } from '../push-tarball';
import { type Connected, connect, describePush, subjectOf } from './named-execution';

export interface RetryOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * `slipway retry`: goes on with a push that was stopped or ran out of time (RedriveExecution), and starts one that failed
 * again with the same input: a failure is diagnosed and ends in a Fail state, where a redrive would only fail again.
 * Follows it. Gives the exit code.
 */
export async function retryCommand(name: string, { stack, json }: RetryOptions): Promise<number> {
  const connected = await connect(stack);
  const { executionArn = '', status = '', input = '{}' } = await describePush(connected, name);
  if (status === 'RUNNING' || status === 'SUCCEEDED') {
    throw new CommandError(`${name} has ${status}: there is nothing to retry`, 'See: slipway status');
  }
  const isStopped = status === 'ABORTED' || status === 'TIMED_OUT';
  const arn = (isStopped && (await redriven(connected, executionArn))) || (await startedAgain(connected, input));
  const progress = json ? SILENT : reporter(process.stderr);
  const how = arn === executionArn ? 'goes on where it stopped' : 'started again';
  if (!json) process.stderr.write(`${how.padEnd(9)}  ${arn}\n`);
  const outcome = await followToEnd(connected.clients, arn, subjectOf(input), progress).finally(progress.close);
  process.stdout.write(`${json ? JSON.stringify(pushJson(outcome, subjectOf(input))) : pushReport(outcome)}\n`);
  return outcome.kind === 'pushed' ? 0 : 1;
}

/** Undefined where Step Functions can redrive it no more: after 14 days, or without a state to go on with. */
async function redriven({ clients }: Connected, executionArn: string): Promise<string | undefined> {
  try {
    await clients.sfn.send(new RedriveExecutionCommand({ executionArn }));
    return executionArn;
  } catch (error) {
    if ((error as Error).name === 'ExecutionNotRedrivable') return undefined;
    throw error;
  }
}

async function startedAgain({ clients, deployed }: Connected, input: string): Promise<string> {
  const { stateMachineArn } = deployed;
  const { executionArn = '' } = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  return executionArn;
}
