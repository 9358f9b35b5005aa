import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PushRequest } from '../contract/push-request';
import { sfn } from './clients/sfn';
import { translateError } from './translate-error';

/** Starts a push under a name; one that was started under this name before, running or ended, is the same push. */
export async function startPush(
  stateMachineArn: string,
  name: string,
  request: PushRequest,
): Promise<{ outcome: 'started'; startedAt: Date } | { outcome: 'known' }> {
  try {
    const start = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(request) });
    const { startDate = new Date() } = await sfn.send(start);
    return { outcome: 'started', startedAt: startDate };
  } catch (error) {
    if ((error as Error).name === 'ExecutionAlreadyExists') return { outcome: 'known' };
    throw translateError(error, 'states:StartExecution') ?? error;
  }
}
