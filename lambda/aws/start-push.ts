import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PushRequest } from '../contract/push-request';
import { translateError } from './translate-error';

const sfn = new SFNClient({
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
});

/** Starts a push under a name; one that was started under this name before, running or ended, is the same push. */
export async function startPush(
  stateMachineArn: string,
  name: string,
  request: PushRequest,
): Promise<'started' | 'known'> {
  try {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(request) }));
    return 'started';
  } catch (error) {
    if ((error as Error).name === 'ExecutionAlreadyExists') return 'known';
    throw translateError(error, 'states:StartExecution') ?? error;
  }
}
