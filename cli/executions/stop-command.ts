import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { CommandError } from '../command-error';
import { connect, describePush } from './named-execution';

/** `slipway stop`: ends a push that runs. What is in ECR by then stays, and no tag moves. Gives the exit code. */
export async function stopCommand(name: string, { stack, cause }: { readonly stack: string; readonly cause?: string }) {
  const connected = await connect(stack);
  const { executionArn = '', status } = await describePush(connected, name);
  if (status !== 'RUNNING') throw new CommandError(`${name} does not run: it has ${status}`, 'See: slipway status');
  const error = 'Stopped';
  await connected.clients.sfn.send(
    new StopExecutionCommand({ executionArn, error, cause: cause ?? 'stopped by slipway stop' }),
  );
  process.stdout.write(
    `stopped  ${executionArn}\nremedy   Go on with it: slipway retry ${executionArn.split(':').at(-1)}\n`,
  );
  return 0;
}
