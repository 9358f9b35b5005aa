import { closeAll, Emulator, giving, machine, outline, ROLE, task, thrown } from './emulator';

afterEach(closeAll);

// Ids and predecessors are those of histories recorded from the service.

test('a Pass leaves the four events of the service, the first state after event 0', async () => {
  const emulator = await Emulator.open();
  const { events, arn } = await emulator.run(giving('{% $states.input.n + 1 %}'), { n: 1 });
  expect(outline(events)).toEqual([
    '1 0 ExecutionStarted',
    '2 0 PassStateEntered',
    '3 2 PassStateExited',
    '4 3 ExecutionSucceeded',
  ]);
  expect(events[0]?.executionStartedEventDetails).toEqual({
    input: '{"n":1}',
    inputDetails: { truncated: false },
    roleArn: ROLE,
  });
  expect(events[1]?.stateEnteredEventDetails).toEqual({
    name: 'Give',
    input: '{"n":1}',
    inputDetails: { truncated: false },
  });
  expect(events[2]?.stateExitedEventDetails).toEqual({
    name: 'Give',
    output: '2',
    outputDetails: { truncated: false },
  });
  expect(events[3]?.executionSucceededEventDetails).toEqual({ output: '2', outputDetails: { truncated: false } });
  expect(emulator.states.measure(arn)).toEqual({ events: 4, largestPayload: 7 });
});

test('lambda:invoke is written as a task with its parameters, region and bounds', async () => {
  const emulator = await Emulator.open();
  const { events } = await emulator.run(machine({ Work: task({ TimeoutSeconds: 7 }) }), { a: 1 });
  expect(outline(events)).toEqual([
    '1 0 ExecutionStarted',
    '2 0 TaskStateEntered',
    '3 2 TaskScheduled',
    '4 3 TaskStarted',
    '5 4 TaskSucceeded',
    '6 5 TaskStateExited',
    '7 6 ExecutionSucceeded',
  ]);
  expect(events[2]?.taskScheduledEventDetails).toEqual({
    resourceType: 'lambda',
    resource: 'invoke',
    region: 'eu-central-1',
    parameters: '{"FunctionName":"work","Payload":{"a":1}}',
    timeoutInSeconds: 7,
  });
  const result = JSON.parse(events[4]?.taskSucceededEventDetails?.output ?? '');
  expect(result).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { a: 1 }, StatusCode: 200 });
  expect(result.SdkHttpMetadata).toMatchObject({ HttpStatusCode: 200, HttpHeaders: { 'Content-Length': '7' } });
  expect(result.SdkResponseMetadata.RequestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('a function called by its own ARN is written as a Lambda function', async () => {
  const emulator = await Emulator.open();
  const resource = 'arn:aws:lambda:eu-central-1:123456789012:function:work';
  const direct = { Type: 'Task', Resource: resource, End: true };
  const { events, output } = await emulator.run(machine({ Work: direct }), { a: 1 });
  expect(outline(events).slice(2, 5)).toEqual([
    '3 2 LambdaFunctionScheduled',
    '4 3 LambdaFunctionStarted',
    '5 4 LambdaFunctionSucceeded',
  ]);
  expect(events[2]?.lambdaFunctionScheduledEventDetails).toEqual({
    resource,
    input: '{"a":1}',
    inputDetails: { truncated: false },
  });
  expect(output).toEqual({ a: 1 });
});

test('a Map with one lane chains each iteration to the last state event of the one before', async () => {
  const emulator = await Emulator.open();
  const inner = machine({ Inner: { Type: 'Pass', End: true } });
  const map = {
    Type: 'Map',
    Items: [1, 2],
    MaxConcurrency: 1,
    ItemProcessor: { StartAt: inner.StartAt, States: inner.States },
    End: true,
  };
  const { events, output } = await emulator.run(machine({ Each: map }));
  expect(outline(events)).toEqual([
    '1 0 ExecutionStarted',
    '2 0 MapStateEntered',
    '3 2 MapStateStarted',
    '4 3 MapIterationStarted',
    '5 4 PassStateEntered',
    '6 5 PassStateExited',
    '7 6 MapIterationSucceeded',
    '8 6 MapIterationStarted',
    '9 8 PassStateEntered',
    '10 9 PassStateExited',
    '11 10 MapIterationSucceeded',
    '12 11 MapStateSucceeded',
    '13 11 MapStateExited',
    '14 13 ExecutionSucceeded',
  ]);
  expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
  expect(events[7]?.mapIterationStartedEventDetails).toEqual({ name: 'Each', index: 1 });
  expect(output).toEqual([1, 2]);
});

test('a retried Parallel starts again without a Failed event in between', async () => {
  const emulator = await Emulator.open({ clock: { now: () => 0, sleep: async () => undefined } });
  const branch = { StartAt: 'Break', States: { Break: { Type: 'Fail', Error: 'Broken', Cause: 'by design' } } };
  const retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }];
  const { events } = await emulator.run(
    machine({ Both: { Type: 'Parallel', Branches: [branch], Retry: retry, End: true } }),
  );
  expect(outline(events)).toEqual([
    '1 0 ExecutionStarted',
    '2 0 ParallelStateEntered',
    '3 2 ParallelStateStarted',
    '4 3 FailStateEntered',
    '5 4 ParallelStateStarted',
    '6 5 FailStateEntered',
    '7 6 ParallelStateFailed',
    '8 7 ExecutionFailed',
  ]);
  expect(events[7]?.executionFailedEventDetails).toEqual({ error: 'Broken', cause: 'by design' });
});

test('a failed iteration ends its siblings, all as successors of its last event', async () => {
  const emulator = await Emulator.open({
    invokeFunction: async ({ payload, signal }) => {
      if (payload === '1') return thrown('Broken');
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  const map = {
    Type: 'Map',
    Items: [0, 1, 2],
    ItemProcessor: { StartAt: 'Work', States: { Work: task() } },
    End: true,
  };
  const { events, description } = await emulator.run(machine({ Each: map }));
  const failed = events.find((event) => event.type === 'TaskFailed');
  const after = outline(events.slice(failed?.id));
  expect(after).toEqual([
    `17 ${failed?.id} MapIterationFailed`,
    `18 ${failed?.id} TaskStateAborted`,
    `19 ${failed?.id} MapIterationAborted`,
    `20 ${failed?.id} TaskStateAborted`,
    `21 ${failed?.id} MapIterationAborted`,
    `22 ${failed?.id} TaskStateAborted`,
    `23 ${failed?.id} MapStateFailed`,
    '24 23 ExecutionFailed',
  ]);
  expect(description).toMatchObject({ status: 'FAILED', error: 'Broken', cause: thrown('Broken').payload });
});

test('an expression that fails is written where it stands, and as the cause of the execution', async () => {
  const emulator = await Emulator.open();
  const { events, description } = await emulator.run(giving({ total: '{% $states.input.none %}' }));
  const cause =
    "An error occurred while executing the state 'Give' (entered at the event id #2). The JSONata expression '$states.input.none' specified for the field 'Output/total' returned nothing (undefined).";
  expect(outline(events).slice(2)).toEqual(['3 0 EvaluationFailed', '4 3 ExecutionFailed']);
  expect(events[2]?.evaluationFailedEventDetails).toEqual({
    error: 'States.QueryEvaluationError',
    cause,
    location: 'Output/total',
    state: 'Give',
  });
  expect(description).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError', cause });
});

test('assigned variables are part of the Exited event', async () => {
  const emulator = await Emulator.open();
  const { events } = await emulator.run(
    machine({ Set: { Type: 'Pass', Assign: { x: '{% 40 + 2 %}', y: 'a' }, End: true } }),
  );
  expect(events[2]?.stateExitedEventDetails).toMatchObject({
    assignedVariables: { x: '42', y: '"a"' },
    assignedVariablesDetails: { truncated: false },
  });
});
