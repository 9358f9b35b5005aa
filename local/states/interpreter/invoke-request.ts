import { isObject, type Json } from '../json';
import { StateFailure } from './failure';
import type { Visit } from './visit';

/** What `lambda:invoke` sends. */
export interface InvokeRequest {
  readonly functionArn: string;
  readonly payload: string;
}

const FIELDS = ['FunctionName', 'Payload', 'Qualifier', 'InvocationType', 'ClientContext', 'LogType'];
// A name, a partial ARN such as 123456789012:function:name, or a whole one; each may end with a qualifier.
const FUNCTION =
  /^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

/**
 * The invocation that the arguments of `lambda:invoke` ask for; States.Runtime where they are not those of Invoke.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export function invokeRequest(parameters: Json, visit: Visit): InvokeRequest {
  if (!isObject(parameters)) throw unusable(parameters, 'Expected an object', visit);
  const unknown = Object.keys(parameters).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw unusable(parameters, `The field "${unknown}" is not supported by Step Functions`, visit);
  const { FunctionName: name, Payload: payload, Qualifier: qualifier, InvocationType: type } = parameters;
  if (typeof name !== 'string')
    throw unusable(parameters, 'The field "FunctionName" is required but was missing', visit);
  if ((type ?? 'RequestResponse') !== 'RequestResponse') {
    throw unusable(parameters, 'This interpreter runs InvocationType RequestResponse only', visit);
  }
  const functionArn = functionArnOf(name, typeof qualifier === 'string' ? qualifier : undefined, visit);
  if (functionArn === undefined) throw unusable(parameters, `"${name}" names no function`, visit);
  return { functionArn, payload: JSON.stringify(payload ?? {}) };
}

function functionArnOf(name: string, qualifier: string | undefined, visit: Visit): string | undefined {
  const found = FUNCTION.exec(name);
  if (found === null) return undefined;
  const { run } = visit.flow;
  const [, region = run.region, account = run.accountId, bare, own = qualifier] = found;
  const partition = /^arn:(aws[a-z-]*):/.exec(name)?.[1] ?? 'aws';
  return `arn:${partition}:lambda:${region}:${account}:function:${bare}${own === undefined ? '' : `:${own}`}`;
}

function unusable(parameters: unknown, found: string, visit: Visit): StateFailure {
  const reason = visit.located(
    `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: [${found}]`,
  );
  return new StateFailure({ error: 'States.Runtime', reason, terminal: true });
}
