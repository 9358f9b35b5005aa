import { closeAll, Emulator, giving, machine, task, types } from './emulator';

afterEach(closeAll);

const LIMIT = 262_144;
/** A text whose JSON has this many bytes, quotes included, mostly in two-byte characters. */
const text = (bytes: number): string => 'é'.repeat(Math.floor((bytes - 2) / 2)) + 'x'.repeat(bytes % 2);

test('an output of exactly the limit passes, and one byte more fails for good', async () => {
  const emulator = await Emulator.open();
  const grow = giving('{% $states.input & $states.input %}');
  const { arn, description } = await emulator.run(grow, text(LIMIT / 2 + 1));
  expect(description.status).toBe('SUCCEEDED');
  expect(emulator.states.measure(arn).largestPayload).toBe(LIMIT);
  const over = await emulator.run(giving("{% $states.input & 'x' %}"), text(LIMIT));
  expect(over.description.error).toBe('States.DataLimitExceeded');
  expect(over.description.cause).toBe(
    "The state/task 'Give' returned a result with a size exceeding the maximum number of bytes service limit.",
  );
});

test('a function that returns too much fails its task, which can be caught', async () => {
  const emulator = await Emulator.open({ invokeFunction: async () => ({ payload: JSON.stringify(text(LIMIT)) }) });
  const work = task({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'End' }] });
  const { description, events } = await emulator.run(machine({ Work: work, End: { Type: 'Succeed' } }));
  expect(description.status).toBe('SUCCEEDED');
  expect(types(events)).toContain('TaskFailed');
});

test('the results of a Map are bounded together, even if its Output would keep none of them', async () => {
  const emulator = await Emulator.open();
  const inner = { StartAt: 'In', States: { In: { Type: 'Pass', Output: text(100_000), End: true } } };
  const each = (items: number[]) =>
    machine({ Each: { Type: 'Map', Items: items, ItemProcessor: inner, Output: 0, End: true } });
  expect((await emulator.run(each([1, 2]))).output).toBe(0);
  expect((await emulator.run(each([1, 2, 3]))).description.error).toBe('States.DataLimitExceeded');
});

test('arguments above the limit never reach the function', async () => {
  let calls = 0;
  const emulator = await Emulator.open({
    invokeFunction: async () => {
      calls += 1;
      return { payload: '1' };
    },
  });
  const { description } = await emulator.run(machine({ Work: task() }), text(LIMIT));
  expect(description.error).toBe('States.DataLimitExceeded');
  expect(calls).toBe(0);
});

test('the history ends with ExecutionFailed as its 25,000th event', async () => {
  const emulator = await Emulator.open();
  const loop = machine({
    Count: { Type: 'Pass', Output: 0, Next: 'Again' },
    Again: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'End' }], Default: 'Count' },
    End: { Type: 'Succeed' },
  });
  const { events, description, arn } = await emulator.run(loop);
  expect(events).toHaveLength(25_000);
  expect(events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  expect(description.cause).toBe('The execution reached the maximum number of history events (25000).');
  expect(description.redriveStatus).toBe('NOT_REDRIVABLE');
  expect(emulator.states.measure(arn).events).toBe(25_000);
});
