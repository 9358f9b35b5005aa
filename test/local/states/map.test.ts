import { setImmediate } from 'node:timers/promises';
import type { FunctionReply } from '../../../local/states';
import { JumpingClock } from './clocks';
import { closeAll, Emulator, machine, task, thrown, types } from './emulator';

afterEach(closeAll);

function each(more: Record<string, unknown>): Record<string, unknown> {
  return {
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Work', States: { Work: task() } },
    End: true,
    ...more,
  };
}

test('items, their selection and their results keep their order, whichever ends first', async () => {
  const clock = new JumpingClock();
  const emulator = await Emulator.open({
    clock,
    invokeFunction: async ({ payload, signal }) => {
      const { index, value } = JSON.parse(payload);
      await clock.sleep(100 - index, signal);
      return { payload: JSON.stringify(`${index}${value}`) };
    },
  });
  const selector = { index: '{% $states.context.Map.Item.Index %}', value: '{% $states.context.Map.Item.Value %}' };
  const { output } = await emulator.run(
    machine({ Each: each({ Items: '{% $states.input.list %}', ItemSelector: selector }) }),
    { list: ['a', 'b', 'c'] },
  );
  expect(output).toEqual(['0a', '1b', '2c']);
});

test.each([
  [3, 3],
  ['{% $states.input.lanes %}', 2],
  [0, 40],
])('MaxConcurrency %s lets at most %i iterations run at once', async (concurrency, most) => {
  let running = 0;
  let peak = 0;
  const emulator = await Emulator.open({
    invokeFunction: async ({ payload }): Promise<FunctionReply> => {
      running += 1;
      peak = Math.max(peak, running);
      await setImmediate();
      running -= 1;
      return { payload };
    },
  });
  const items = '{% [1..60] %}';
  const { output } = await emulator.run(machine({ Each: each({ Items: items, MaxConcurrency: concurrency }) }), {
    lanes: 2,
  });
  expect(output).toHaveLength(60);
  expect(peak).toBe(most);
});

test('a Map of no items succeeds with an empty array', async () => {
  const emulator = await Emulator.open();
  const { output, events } = await emulator.run(machine({ Each: each({}) }), []);
  expect(output).toEqual([]);
  expect(types(events)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
});

test('Items of another type fail with the type that was found', async () => {
  const emulator = await Emulator.open();
  const { description, events } = await emulator.run(machine({ Each: each({ Items: '{% {"a": 1} %}' }) }));
  expect(description.error).toBe('States.QueryEvaluationError');
  expect(description.cause).toContain("Expected 'array', but was 'object' for value: {\"a\":1}");
  expect(types(events).slice(2)).toEqual(['EvaluationFailed', 'MapStateFailed', 'ExecutionFailed']);
});

test('tolerated failures leave the results of the others; one too many fails the Map', async () => {
  const emulator = await Emulator.open({
    invokeFunction: async ({ payload }) => (Number(payload) < 3 ? thrown('Low') : { payload }),
  });
  const tolerant = (more: object) => machine({ Each: each({ Items: [1, 2, 3, 4], MaxConcurrency: 1, ...more }) });
  expect((await emulator.run(tolerant({ ToleratedFailureCount: 2 }))).output).toEqual([3, 4]);
  expect((await emulator.run(tolerant({ ToleratedFailurePercentage: 50 }))).output).toEqual([3, 4]);
  const { description } = await emulator.run(tolerant({ ToleratedFailureCount: 1 }));
  expect(description.error).toBe('States.ExceedToleratedFailureThreshold');
});

test('a caught Map goes on with the Error of the iteration, and starts no further one', async () => {
  let calls = 0;
  const emulator = await Emulator.open({
    invokeFunction: async () => {
      calls += 1;
      return thrown('Broken');
    },
  });
  const caught = each({
    Items: [1, 2, 3],
    MaxConcurrency: 1,
    Catch: [{ ErrorEquals: ['Broken'], Next: 'Done', Output: '{% $states.errorOutput.Error %}' }],
  });
  const { output } = await emulator.run(machine({ Each: caught, Done: { Type: 'Succeed' } }));
  expect(output).toBe('Broken');
  expect(calls).toBe(1);
});

test('a retried Map runs all iterations again', async () => {
  let calls = 0;
  const emulator = await Emulator.open({
    clock: new JumpingClock(),
    invokeFunction: async ({ payload }) => {
      calls += 1;
      return calls === 2 ? thrown('Once') : { payload };
    },
  });
  const retried = each({ Items: ['a', 'b'], MaxConcurrency: 1, Retry: [{ ErrorEquals: ['Once'] }] });
  const { output } = await emulator.run(machine({ Each: retried }));
  expect(output).toEqual(['a', 'b']);
  expect(calls).toBe(4);
});

test('the branches of a Parallel get its Arguments and give an array', async () => {
  const emulator = await Emulator.open();
  const branch = (name: string, output: string) => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', Output: output, End: true } },
  });
  const both = {
    Type: 'Parallel',
    Arguments: { n: '{% $states.input.n * 2 %}' },
    Branches: [branch('One', '{% $states.input.n %}'), branch('Two', '{% $states.input.n + 1 %}')],
    Output: { list: '{% $states.result %}' },
    End: true,
  };
  expect((await emulator.run(machine({ Both: both }), { n: 4 })).output).toEqual({ list: [8, 9] });
});
