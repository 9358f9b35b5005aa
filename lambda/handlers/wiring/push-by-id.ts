import * as z from 'zod';
import { describeExecution, type Execution, executionArnOf } from '../../aws/executions';
import { PushNotFound } from '../../contract/api-errors';
import type { PushSummary } from '../../contract/push-api';
import { variable } from './step';

/** Path of the operations on one push. */
export const PushId = z.object({ id: z.string().regex(/^[^:/\s]{1,80}$/) });

/** The execution of this name. PushNotFound. */
export async function pushById(id: string): Promise<Execution> {
  const execution = await describeExecution(executionArnOf(variable('SLIPWAY_STATE_MACHINE_ARN'), id));
  if (execution) return execution;
  throw new PushNotFound({
    found: `there is no push "${id}"`,
    remedy: 'Take an id of GET /pushes; Step Functions forgets executions 90 days after their end.',
  });
}

/** What every answer tells of a push. */
export function summaryOf({ name, status, startedAt, stoppedAt }: Omit<Execution, 'input'>): PushSummary {
  return {
    id: name,
    status,
    startedAt: startedAt.toISOString(),
    ...(stoppedAt === undefined ? {} : { stoppedAt: stoppedAt.toISOString() }),
  };
}
