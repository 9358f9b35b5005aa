import { listExecutions } from '../aws/executions';
import { ListPushesQuery, type PushList } from '../contract/push-api';
import { operation } from './wiring/operation';
import { summaryOf } from './wiring/push-by-id';
import { variable } from './wiring/step';

const DEFAULT_LIMIT = '25';

/** GET /pushes: a page of pushes, newest first. */
export const handler = operation({ query: ListPushesQuery }, 200, async ({ query: { limit, ...query } }) => {
  const page = { ...query, limit: Number(limit ?? DEFAULT_LIMIT) };
  const { executions, nextToken } = await listExecutions(variable('SLIPWAY_STATE_MACHINE_ARN'), page);
  return { pushes: executions.map(summaryOf), ...(nextToken === undefined ? {} : { nextToken }) } satisfies PushList;
});
