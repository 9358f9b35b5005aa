import { type DescribeExecutionOutput, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { reporter, SILENT } from '../follow/reporter';
import { duration } from '../format';
import { pushJson, pushReport } from '../push-report';
import { followToEnd } from '../push-tarball';
import { type Connected, connect, describePush, subjectOf } from './named-execution';

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly limit: number;
}

/** `slipway status`: lists the last pushes, or follows one to its end. Gives the exit code: 1 where that one failed. */
export async function statusCommand(name: string | undefined, options: StatusOptions): Promise<number> {
  const connected = await connect(options.stack);
  return name === undefined ? list(connected, options) : one(connected, name, options);
}

async function list({ clients, deployed }: Connected, { json, limit }: StatusOptions): Promise<number> {
  const { stateMachineArn } = deployed;
  const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: limit }));
  const rows = executions.map(({ name = '', status = '', startDate, stopDate }) => ({
    name,
    status,
    started: startDate?.toISOString() ?? '',
    seconds: ((stopDate ?? new Date()).getTime() - (startDate?.getTime() ?? 0)) / 1000,
  }));
  if (json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  else process.stdout.write(`${rows.length === 0 ? 'Nothing was pushed yet.' : rows.map(rowText).join('\n')}\n`);
  return 0;
}

function rowText({
  name,
  status,
  started,
  seconds,
}: {
  name: string;
  status: string;
  started: string;
  seconds: number;
}) {
  return `${status.padEnd(9)}  ${started.slice(0, 19).replace('T', ' ')}  ${duration(seconds).padStart(10)}  ${name}`;
}

async function one(connected: Connected, name: string, { json }: StatusOptions): Promise<number> {
  const found = await describePush(connected, name);
  const { executionArn = '', input, status } = found;
  const progress = json || status !== 'RUNNING' ? SILENT : reporter(process.stderr);
  if (!json) process.stdout.write(`${head(found)}\n`);
  const outcome = await followToEnd(connected.clients, executionArn, subjectOf(input), progress).finally(
    progress.close,
  );
  process.stdout.write(`${json ? JSON.stringify(pushJson(outcome, subjectOf(input))) : pushReport(outcome)}\n`);
  return outcome.kind === 'pushed' ? 0 : 1;
}

function head({ executionArn, status, input, startDate, redriveCount = 0 }: DescribeExecutionOutput): string {
  const redriven = redriveCount === 0 ? '' : `, redriven ${redriveCount} times`;
  return `tarball  ${subjectOf(input)}\npush     ${executionArn}\nstatus   ${status}, since ${startDate?.toISOString()}${redriven}`;
}
