import { Duration } from 'aws-cdk-lib';
import { TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { PushFunctions, StepName } from './push-functions';
import { RETRY_POLICIES } from './retry-policies';

/** The state's input as it came. */
export const INPUT = '{% $states.input %}';

/** The state's input, and the execution: its history counts against a limit. */
export const INPUT_AND_EXECUTION = "{% $merge([$states.input, {'executionArn': $states.context.Execution.Id}]) %}";

/** What the state's function returned. */
export const RESULT = '{% $states.result.Payload %}';

/** Every step, and `RestageLayer`: the function of StageLayer, for an upload that begins again. */
type TaskName = StepName | 'RestageLayer';

/** Makes the Task state of a step: its function is invoked with `payload`, and `outputs` goes on to the next state. */
export type StepTask = (name: TaskName, payload: string, outputs: string) => LambdaInvoke;

/** Task states, each with the retry policies. */
export function stepTasks(scope: Construct, functions: PushFunctions): StepTask {
  return (name, payload, outputs) => {
    const task = LambdaInvoke.jsonata(scope, name, {
      lambdaFunction: functions[name === 'RestageLayer' ? 'StageLayer' : name],
      payload: TaskInput.fromText(payload),
      outputs,
      // Lambda ends a function at its own limit; this is for the answer that never comes.
      taskTimeout: Timeout.duration(Duration.minutes(16)),
      retryOnServiceExceptions: false,
    });
    for (const policy of RETRY_POLICIES) task.addRetry(policy);
    return task;
  };
}

/** Where a failed state leads, and what is told of it: the state's name and the error. */
export function failureOf(step: string, more: Record<string, string> = {}) {
  return { outputs: { step, error: '{% $states.errorOutput %}', ...more } };
}
