import type { TaskResource } from '../definition/machine';
import type { FunctionReply } from '../function-call';
import type { EventDetails } from '../history/event';
import type { Json } from '../json';
import { StateFailure } from './failure';
import { invokeRequest } from './invoke-request';
import { invokeResult } from './invoke-result';
import { COMPLETE, type Visit } from './visit';

/** Bounds of a task, seconds. */
interface TaskBounds {
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

/** One call of a function in the form its resource has: what is sent, what is recorded, and what the result is. */
export interface Invocation {
  readonly functionArn: string;
  readonly payload: string;
  /** How messages call the task. */
  readonly label: string;
  scheduled(bounds: TaskBounds): void;
  ended(how: 'Succeeded' | 'Failed' | 'TimedOut', details: EventDetails): void;
  result(reply: FunctionReply): Json;
}

/** The call that a Task's resource and arguments stand for; States.Runtime where the arguments are none. */
export function invocationOf(resource: TaskResource, parameters: Json, visit: Visit): Invocation {
  return resource.kind === 'function' ? byArn(resource.arn, parameters, visit) : byInvoke(parameters, visit);
}

function byArn(functionArn: string, parameters: Json, visit: Visit): Invocation {
  const input = JSON.stringify(parameters);
  return {
    functionArn,
    payload: input,
    label: functionArn,
    scheduled(bounds) {
      visit.record('LambdaFunctionScheduled', {
        resource: functionArn,
        input,
        inputDetails: COMPLETE,
        ...seconds(bounds),
      });
      visit.record('LambdaFunctionStarted');
    },
    ended: (how, details) => visit.record(`LambdaFunction${how}`, details),
    result: (reply) => parsePayload(reply.payload),
  };
}

function byInvoke(parameters: Json, visit: Visit): Invocation {
  const { region } = visit.flow.run;
  const { functionArn, payload } = invokeRequest(parameters, visit);
  const task = { resourceType: 'lambda', resource: 'invoke' };
  return {
    functionArn,
    payload,
    label: 'lambda',
    scheduled(bounds) {
      visit.record('TaskScheduled', { ...task, region, parameters: JSON.stringify(parameters), ...seconds(bounds) });
      visit.record('TaskStarted', task);
    },
    ended: (how, details) => visit.record(`Task${how}`, { ...task, ...details }),
    result: (reply) => invokeResult(reply, parsePayload(reply.payload), visit.flow.run.clock.now()),
  };
}

function seconds({ timeout, heartbeat }: TaskBounds): EventDetails {
  return {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
  };
}

function parsePayload(payload: string): Json {
  try {
    return payload === '' ? null : (JSON.parse(payload) as Json);
  } catch (error) {
    const reason = `The function's reply is no JSON: ${(error as Error).message}`;
    throw new StateFailure({ error: 'States.Runtime', reason, terminal: true });
  }
}
