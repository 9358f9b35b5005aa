import { type DefinitionReader, INPUT_ONLY } from './definition-reader';
import { given } from './given';
import { invalidAt } from './invalid-definition';
import type { StateBase, TaskResource, TaskState } from './machine';
import { parseCatch, parseRetry } from './parse-recovery';

const SECONDS = { min: 1, max: 99_999_999, integer: true };
const INVOKE = /^arn:aws[a-z-]*:states:[a-z0-9-]*:\d*:lambda:invoke$/;
const FUNCTION = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/;

/** Reads a Task. Functions are the only resources: by `…:states:::lambda:invoke`, or by their own ARN. */
export function parseTask(base: StateBase, reader: DefinitionReader): TaskState {
  if (reader.has('Credentials'))
    throw invalidAt(reader.at('Credentials'), 'This interpreter does not assume other roles');
  const timeoutSeconds = reader.numberTemplate('TimeoutSeconds', SECONDS);
  const heartbeatSeconds = reader.numberTemplate('HeartbeatSeconds', SECONDS);
  const [timeout, heartbeat] = [reader.value('TimeoutSeconds'), reader.value('HeartbeatSeconds')];
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    throw invalidAt(reader.at('HeartbeatSeconds'), 'HeartbeatSeconds must be smaller than TimeoutSeconds');
  }
  return {
    ...base,
    type: 'Task',
    resource: parseResource(reader.requiredText('Resource'), reader.at('Resource')),
    retry: parseRetry(reader),
    catch: parseCatch(reader),
    ...given({ arguments: reader.template('Arguments', INPUT_ONLY), timeoutSeconds, heartbeatSeconds }),
  };
}

function parseResource(resource: string, path: string): TaskResource {
  if (INVOKE.test(resource)) return { kind: 'lambda:invoke' };
  if (FUNCTION.test(resource)) return { kind: 'function', arn: resource };
  throw invalidAt(
    path,
    `This interpreter runs lambda:invoke and function ARNs only, but the resource is '${resource}'`,
  );
}
