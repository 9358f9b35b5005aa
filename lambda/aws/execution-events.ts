import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { sfn } from './clients/sfn';
import { translateError } from './translate-error';

/** Events that an execution has had so far; the newest may not be counted yet. */
export async function eventsSoFar(executionArn: string): Promise<number> {
  const newest = { reverseOrder: true, maxResults: 1, includeExecutionData: false };
  const { events: [last] = [] } = await sfn
    .send(new GetExecutionHistoryCommand({ executionArn, ...newest }))
    .catch((error) => {
      throw translateError(error, `states:GetExecutionHistory on ${executionArn}`) ?? error;
    });
  return last?.id ?? 0;
}
