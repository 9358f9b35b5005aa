import type { FunctionCall, FunctionReply } from '../../../local/states';
import { JumpingClock } from './clocks';
import { closeAll, Emulator, machine, task, thrown, types } from './emulator';

afterEach(closeAll);

type Behaviour = (call: FunctionCall, attempt: number) => Promise<FunctionReply>;

async function emulatorOf(behaviour: Behaviour): Promise<{ emulator: Emulator; clock: JumpingClock }> {
  const clock = new JumpingClock();
  let attempt = 0;
  const invokeFunction = (call: FunctionCall) => {
    attempt += 1;
    return behaviour(call, attempt);
  };
  return { emulator: await Emulator.open({ clock, invokeFunction, random: () => 0.5 }), clock };
}

const always =
  (reply: FunctionReply): Behaviour =>
  async () =>
    reply;
const never: Behaviour = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('retries wait longer each time, up to MaxDelaySeconds, and then succeed', async () => {
  const { emulator, clock } = await emulatorOf(async (_, attempt) =>
    attempt < 5 ? thrown('Throttled') : { payload: '"ok"' },
  );
  const retry = [
    { ErrorEquals: ['Throttled'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 5, MaxDelaySeconds: 20 },
  ];
  const { output, events } = await emulator.run(machine({ Work: task({ Retry: retry }) }));
  expect(output).toBe('ok');
  expect(clock.slept).toEqual([2000, 6000, 18_000, 20_000]);
  expect(types(events).filter((type) => type === 'TaskScheduled')).toHaveLength(5);
  expect(types(events).filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
});

test('full jitter waits a random part of the delay', async () => {
  const { emulator, clock } = await emulatorOf(async (_, attempt) => (attempt < 2 ? thrown('Busy') : { payload: '1' }));
  const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 8, JitterStrategy: 'FULL' }];
  await emulator.run(machine({ Work: task({ Retry: retry }) }));
  expect(clock.slept).toEqual([4000]);
});

test('each retrier counts for itself, and MaxAttempts 0 forbids a retry', async () => {
  const names = ['A', 'B', 'A', 'C'];
  const { emulator } = await emulatorOf(async (_, attempt) => thrown(names[attempt - 1] ?? 'none'));
  const retry = [
    { ErrorEquals: ['A'], MaxAttempts: 2 },
    { ErrorEquals: ['C'], MaxAttempts: 0 },
    { ErrorEquals: ['States.ALL'], MaxAttempts: 1 },
  ];
  const { description, events } = await emulator.run(machine({ Work: task({ Retry: retry }) }));
  expect(description.error).toBe('C');
  expect(types(events).filter((type) => type === 'TaskFailed')).toHaveLength(4);
});

test('the retry count is in the context of each attempt', async () => {
  const seen: string[] = [];
  const { emulator } = await emulatorOf(async ({ payload }, attempt) => {
    seen.push(payload);
    return attempt < 3 ? thrown('Again') : { payload: '1' };
  });
  const counting = { FunctionName: 'work', Payload: '{% $states.context.State.RetryCount %}' };
  await emulator.run(machine({ Work: task({ Arguments: counting, Retry: [{ ErrorEquals: ['Again'] }] }) }));
  expect(seen).toEqual(['0', '1', '2']);
});

test('a Catch gets Error and Cause, assigns, and leads on', async () => {
  const { emulator } = await emulatorOf(always(thrown('Broken', 'a wheel')));
  const caught = {
    ErrorEquals: ['Broken'],
    Next: 'Tell',
    Assign: { code: '{% $states.errorOutput.Error %}' },
    Output: '{% $merge([$states.input, {"message": $parse($states.errorOutput.Cause).errorMessage}]) %}',
  };
  const tell = { Type: 'Pass', Output: ['{% $code %}', '{% $states.input %}'], End: true };
  const { output } = await emulator.run(machine({ Work: task({ Catch: [caught] }), Tell: tell }), { id: 1 });
  expect(output).toEqual(['Broken', { id: 1, message: 'a wheel' }]);
});

test('without an Output a Catch hands on Error and Cause', async () => {
  const { emulator } = await emulatorOf(always(thrown('Broken')));
  const work = task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] });
  const { output } = await emulator.run(machine({ Work: work, End: { Type: 'Succeed' } }));
  expect(output).toEqual({ Error: 'Broken', Cause: thrown('Broken').payload });
});

test('a function that takes too long is aborted and fails with States.Timeout, which States.TaskFailed passes', async () => {
  let aborted = false;
  const { emulator, clock } = await emulatorOf((call, attempt) => {
    call.signal.addEventListener('abort', () => {
      aborted = true;
    });
    return never(call, attempt);
  });
  const work = task({
    TimeoutSeconds: '{% $states.input.limit %}',
    Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'End' }],
  });
  const { description, events } = await emulator.run(machine({ Work: work, End: { Type: 'Succeed' } }), { limit: 30 });
  expect(description).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(types(events)).toContain('TaskTimedOut');
  expect(clock.slept).toEqual([30_000]);
  expect(aborted).toBe(true);
});

test('a function that gives no heartbeat is ended after HeartbeatSeconds', async () => {
  const { emulator, clock } = await emulatorOf(never);
  const { description } = await emulator.run(machine({ Work: task({ TimeoutSeconds: 60, HeartbeatSeconds: 5 }) }));
  expect(description.error).toBe('States.Timeout');
  expect(clock.slept).toEqual([5000]);
});

test('the machine as a whole is bounded by its TimeoutSeconds', async () => {
  const { emulator } = await emulatorOf(never);
  const { description, events } = await emulator.run(machine({ Work: task() }, { TimeoutSeconds: 60 }));
  expect(description.status).toBe('TIMED_OUT');
  expect(description.error).toBeUndefined();
  expect(types(events).at(-1)).toBe('ExecutionTimedOut');
});

test('the name of an error that the call itself throws is the Error', async () => {
  const throttled = Object.assign(new Error('Rate Exceeded.'), { name: 'Lambda.TooManyRequestsException' });
  const missing = Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' });
  for (const [error, name] of [
    [throttled, 'Lambda.TooManyRequestsException'],
    [missing, 'Lambda.ResourceNotFoundException'],
    [new Error('socket hang up'), 'Lambda.SdkClientException'],
  ] as const) {
    const { emulator } = await emulatorOf(() => Promise.reject(error));
    const { description } = await emulator.run(machine({ Work: task() }));
    expect(description).toMatchObject({ error: name, cause: error.message });
  }
});

test('a function error without errorType is Lambda.Unknown, with what was returned', async () => {
  const { emulator } = await emulatorOf(always({ payload: '{"errorMessage":"gone"}', functionError: 'Unhandled' }));
  const { description } = await emulator.run(machine({ Work: task() }));
  expect(description.error).toBe('Lambda.Unknown');
  expect(description.cause).toContain('{"errorMessage":"gone"}');
});

test('arguments that are not those of Invoke fail with States.Runtime, which States.ALL does not catch', async () => {
  const { emulator } = await emulatorOf(always({ payload: '1' }));
  const work = task({ Arguments: { Payload: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] });
  const { description } = await emulator.run(machine({ Work: work, End: { Type: 'Succeed' } }));
  expect(description.error).toBe('States.Runtime');
  expect(description.cause).toContain('The field "FunctionName" is required but was missing');
});

test('a failing expression of a task can be caught as States.QueryEvaluationError', async () => {
  const { emulator } = await emulatorOf(always({ payload: '{}' }));
  const work = task({
    Output: '{% $states.result.Payload.none %}',
    Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'End' }],
  });
  const { description, output } = await emulator.run(machine({ Work: work, End: { Type: 'Succeed' } }));
  expect(description.status).toBe('SUCCEEDED');
  expect(output).toMatchObject({ Error: 'States.QueryEvaluationError' });
});
