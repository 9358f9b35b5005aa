import { executionArn } from '../arn';
import type { EventDetails, HistoryEvent } from '../history/event';
import { isObject } from '../json';
import type { Operation } from './operation';
import { pageOf } from './paging';
import { timestamp } from './timestamp';

const EXECUTION_DATA = ['input', 'output', 'parameters', 'assignedVariables'];

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html */
export const getExecutionHistory: Operation = async (fields, { executions }) => {
  const arn = executionArn(fields.requiredText('executionArn'));
  const reverse = fields.flag('reverseOrder', false);
  const withData = fields.flag('includeExecutionData', true);
  const { events } = executions.get(arn);
  const listing = {
    scope: `history ${arn} ${reverse ? 'newest' : 'oldest'}`,
    items: reverse ? events.toReversed() : events,
    keyOf: (event: HistoryEvent) => String(event.id),
  };
  const page = pageOf(listing, fields.text('nextToken'), fields.maxResults());
  return {
    events: page.items.map((event) => onWire(event, withData)),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};

function onWire(event: HistoryEvent, withData: boolean): Record<string, unknown> {
  const wire: Record<string, unknown> = { ...event, timestamp: timestamp(event.timestamp) };
  if (withData) return wire;
  for (const [name, details] of Object.entries(wire)) if (isObject(details)) wire[name] = withoutData(details);
  return wire;
}

function withoutData(details: EventDetails): EventDetails {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !EXECUTION_DATA.includes(name)));
}
