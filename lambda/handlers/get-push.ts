import { stateEvents } from '../aws/executions';
import type { Push } from '../contract/push-api';
import { PushRequest } from '../contract/push-request';
import { Diagnosis, WriteReceiptOutput } from '../contract/steps';
import { operation } from './wiring/operation';
import { PushId, pushById, summaryOf } from './wiring/push-by-id';
import { progressOf } from './wiring/push-progress';
import { remembered, stepUnderWay } from './wiring/step-under-way';

/** GET /pushes/{id}: the state of a push, of its images and their layers, and the result or the diagnosis. */
export const handler = operation({ path: PushId }, 200, async ({ path: { id } }) => {
  const execution = await pushById(id);
  const { executionArn, input, output, cause } = execution;
  const { data: request } = PushRequest.safeParse(parsed(input));
  const { data: result } = WriteReceiptOutput.safeParse(parsed(output));
  const { data: diagnosis } = Diagnosis.safeParse(parsed(cause));
  const events = remembered(stateEvents(executionArn));
  const step = execution.status === 'RUNNING' ? await stepUnderWay(events) : undefined;
  return {
    ...summaryOf(execution),
    executionArn,
    subject: request ? `s3://${request.source.bucket}/${request.source.key}` : 'a request without source',
    ...(step === undefined ? {} : { step }),
    images: await progressOf(execution, events),
    ...(result === undefined ? {} : { result }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  } satisfies Push;
});

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    // The cause of an execution that somebody stopped is text.
    return undefined;
  }
}
