import { stopExecution } from '../aws/executions';
import { PushEnded } from '../contract/api-errors';
import { type StartedPush, StopPushBody } from '../contract/push-api';
import { operation } from './wiring/operation';
import { PushId, pushById, summaryOf } from './wiring/push-by-id';

/** POST /pushes/{id}/stop: ends a push that is under way; what ECR has by then stays. */
export const handler = operation({ path: PushId, body: StopPushBody }, 200, async ({ path: { id }, body }) => {
  const push = await pushById(id);
  const { executionArn, status } = push;
  if (status !== 'RUNNING') {
    throw new PushEnded({ found: `push "${id}" has ended: ${status}`, remedy: 'There is nothing to stop.' });
  }
  const stoppedAt = await stopExecution(executionArn, body.reason ?? 'stopped by a request to the API');
  return { ...summaryOf({ ...push, status: 'ABORTED', stoppedAt }), executionArn } satisfies StartedPush;
});
