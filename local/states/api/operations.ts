import {
  describeExecution,
  listExecutions,
  redriveExecution,
  startExecution,
  stopExecution,
} from './execution-operations';
import { getExecutionHistory } from './history-operation';
import {
  describeStateMachine,
  describeStateMachineForExecution,
  listStateMachines,
  listTagsForResource,
  validateStateMachineDefinition,
} from './machine-operations';
import type { Operation } from './operation';

/** The operations that are served, by API name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeExecution: describeExecution,
  DescribeStateMachine: describeStateMachine,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  GetExecutionHistory: getExecutionHistory,
  ListExecutions: listExecutions,
  ListStateMachines: listStateMachines,
  ListTagsForResource: listTagsForResource,
  RedriveExecution: redriveExecution,
  StartExecution: startExecution,
  StopExecution: stopExecution,
  ValidateStateMachineDefinition: validateStateMachineDefinition,
};
