import { executionArn, stateMachineArn } from '../arn';
import { parseMachine } from '../definition/parse-machine';
import type { StateMachine } from '../executions/state-machine';
import { isObject } from '../json';
import { ServiceError } from '../service-error';
import type { Operation } from './operation';
import { pageOf } from './paging';
import { timestamp } from './timestamp';

const TYPE = 'STANDARD';
const TRACING = { enabled: false };
const LOGGING_OFF = { level: 'OFF', includeExecutionData: false };

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
export const describeStateMachine: Operation = async (fields, { machines }) => {
  const machine = machines.get(stateMachineArn(fields.requiredText('stateMachineArn')));
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: machine.definition,
    roleArn: machine.roleArn,
    type: TYPE,
    creationDate: timestamp(machine.creationDate),
    loggingConfiguration: apiSpelling(machine.loggingConfiguration ?? LOGGING_OFF),
    tracingConfiguration: TRACING,
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html */
export const describeStateMachineForExecution: Operation = async (fields, { executions }) => {
  const execution = executions.get(executionArn(fields.requiredText('executionArn')));
  return {
    stateMachineArn: execution.stateMachineArn,
    name: execution.machineName,
    definition: execution.definition,
    roleArn: execution.roleArn,
    updateDate: timestamp(execution.updateDate),
    loggingConfiguration: apiSpelling(execution.loggingConfiguration ?? LOGGING_OFF),
    tracingConfiguration: TRACING,
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
export const listStateMachines: Operation = async (fields, { machines }) => {
  const listing = { scope: 'stateMachines', items: machines.list(), keyOf: (machine: StateMachine) => machine.arn };
  const page = pageOf(listing, fields.text('nextToken'), fields.maxResults());
  const stateMachines = page.items.map(({ arn, name, creationDate }) => {
    return { stateMachineArn: arn, name, type: TYPE, creationDate: timestamp(creationDate) };
  });
  return { stateMachines, ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }) };
};

/** No resource here has tags. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListTagsForResource.html */
export const listTagsForResource: Operation = async (fields, { machines }) => {
  const arn = fields.requiredText('resourceArn');
  if (!machines.has(arn)) throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
  return { tags: [] };
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
export const validateStateMachineDefinition: Operation = async (fields) => {
  try {
    parseMachine(fields.requiredText('definition'));
    return { result: 'OK', diagnostics: [], truncated: false };
  } catch (error) {
    const found = /^Invalid State Machine Definition: '(\w+): (.*?)(?: at (\/\S*))?'$/s.exec((error as Error).message);
    if (found === null) throw error;
    const [, code, message, location] = found;
    const diagnostic = { severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) };
    return { result: 'FAIL', diagnostics: [diagnostic], truncated: false };
  }
};

// CloudFormation spells the fields of the configuration with a capital, the API does not.
function apiSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(apiSpelling);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    apiSpelling(field),
  ]);
  return Object.fromEntries(fields);
}
