import { randomUUID } from 'node:crypto';
import { executionArnOf } from '../aws/executions';
import { startPush } from '../aws/start-push';
import { ClientTokenReused } from '../contract/api-errors';
import { executionName } from '../contract/execution-name';
import { CreatePushBody, type StartedPush } from '../contract/push-api';
import { operation } from './wiring/operation';
import { parseRequest } from './wiring/parse-request';
import { pushById, summaryOf } from './wiring/push-by-id';
import { variable } from './wiring/step';

/** POST /pushes: starts a push; with a client token that came before, with the same request, it is the same push. */
export const handler = operation({ body: CreatePushBody }, 202, async ({ body: { clientToken, ...fields } }) => {
  const request = parseRequest(fields, 'Correct the body of the request.');
  const stateMachineArn = variable('SLIPWAY_STATE_MACHINE_ARN');
  const id = executionName(clientToken ?? randomUUID(), 'client token');
  const start = await startPush(stateMachineArn, id, request);
  const executionArn = executionArnOf(stateMachineArn, id);
  if (start.outcome === 'started') {
    return {
      ...summaryOf({ ...start, executionArn, name: id, status: 'RUNNING' }),
      executionArn,
    } satisfies StartedPush;
  }
  const known = await pushById(id);
  if (known.input === JSON.stringify(request)) return { ...summaryOf(known), executionArn } satisfies StartedPush;
  throw new ClientTokenReused({
    found: `the client token "${clientToken}" came before, with another request: push ${id}`,
    remedy: 'Take a new token for a new push.',
  });
});
