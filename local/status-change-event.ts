import { randomUUID } from 'node:crypto';
import type { BusEvent } from './event-pattern';
import type { StatusChange } from './states';
import type { Place } from './template';

/**
 * The event by which Step Functions tells of every execution that began or ended.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusChangeEvent(change: StatusChange, { accountId, region }: Place): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: accountId,
    time: new Date(change.stopDate ?? change.startDate).toISOString(),
    region,
    resources: [change.executionArn],
    detail: change,
  };
}
