import { DescribeExecutionCommand, type DescribeExecutionOutput, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { type Aws, aws, requireConfiguration } from '../aws';
import { CommandError } from '../command-error';
import { type Deployed, findDeployed } from '../deployed';

/** A deployed Slipway and the clients that speak to it. */
export interface Connected {
  readonly clients: Aws;
  readonly deployed: Deployed;
}

/** Finds the Slipway that is deployed in a stack. CommandError without configuration or stack. */
export async function connect(stack: string): Promise<Connected> {
  const clients = aws();
  await requireConfiguration(clients);
  return { clients, deployed: await findDeployed(clients, stack) };
}

/** ARN of a push by its ARN or name, or by `latest`. CommandError where there is none yet. */
async function executionArn({ clients, deployed }: Connected, name: string): Promise<string> {
  if (name.startsWith('arn:')) return name;
  const { stateMachineArn } = deployed;
  if (name !== 'latest') return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
  const [newest] = executions;
  if (newest?.executionArn) return newest.executionArn;
  throw new CommandError('Nothing was pushed yet', 'Push a tarball: slipway push image.tar REPOSITORY:TAG');
}

/** What Step Functions knows of a push. CommandError where there is none of this name. */
export async function describePush(connected: Connected, name: string): Promise<DescribeExecutionOutput> {
  const arn = await executionArn(connected, name);
  return connected.clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn })).catch((error: Error) => {
    if (!/^(ExecutionDoesNotExist|InvalidArn)$/.test(error.name)) throw error;
    throw new CommandError(`There is no push ${name}`, 'See those that there are with: slipway status');
  });
}

/** The tarball that a push is of, as `s3://bucket/key`. */
export function subjectOf(input: string | undefined): string {
  const { source } = JSON.parse(input ?? '{}') as { source?: { bucket?: string; key?: string } };
  return `s3://${source?.bucket ?? '?'}/${source?.key ?? '?'}`;
}
