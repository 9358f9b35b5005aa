import { createHash } from 'node:crypto';
import { JumpingClock } from './clocks';
import { closeAll, Emulator, giving, machine, task } from './emulator';

afterEach(closeAll);

describe('the functions of Step Functions', () => {
  test.each([
    ['$partition([1..5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 10, 4)', [0, 4, 8]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('abc', 'SHA-256')", createHash('sha256').update('abc').digest('hex')],
    ["$hash('abc', 'MD5')", createHash('md5').update('abc').digest('hex')],
    ['$parse(\'{"a":[1]}\').a[0]', 1],
    ['$random(7) = $random(7)', true],
    ['$random()', 0.25],
    ['$millis()', Date.UTC(2026, 0, 1)],
    ["$now('[Y]')", '2026'],
    ['$sum($states.input.parts[size > 1].size)', 5],
    ['$map([1, 2], function($v) { $v * 2 })', [2, 4]],
  ])('%s', async (expression, value) => {
    const emulator = await Emulator.open({ clock: new JumpingClock(), random: () => 0.25 });
    const input = { parts: [{ size: 1 }, { size: 2 }, { size: 3 }] };
    const { output } = await emulator.run(giving(`{% ${expression} %}`), input);
    expect(output).toEqual(value);
  });

  test('$uuid gives a fresh version 4 UUID', async () => {
    const emulator = await Emulator.open();
    const { output } = await emulator.run(giving(['{% $uuid() %}', '{% $uuid() %}']));
    const [first, second] = output as string[];
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first).not.toBe(second);
  });

  test.each([
    ["$hash('abc', 'CRC')", '$hash: the algorithm must be one of'],
    ['$range(0, 5000, 1)', 'more than 1000 items'],
    ["$parse('{')", 'JSON'],
    ['$nosuch(1)', 'T1006: Attempted to invoke a non-function'],
    ['function($x) { $x }', 'returned an unsupported result type'],
  ])('%s fails the state', async (expression, found) => {
    const emulator = await Emulator.open();
    const { description } = await emulator.run(giving(`{% ${expression} %}`));
    expect(description.error).toBe('States.QueryEvaluationError');
    expect(description.cause).toContain(found);
  });
});

test('$states.context tells the execution, the state, the machine and the item', async () => {
  const emulator = await Emulator.open({ clock: new JumpingClock() });
  const inner = { Show: { Type: 'Pass', Output: '{% $states.context %}', End: true } };
  const map = { Type: 'Map', Items: ['a'], ItemProcessor: { StartAt: 'Show', States: inner }, End: true };
  const { output, arn } = await emulator.run(machine({ Each: map }), { in: 1 });
  const time = '2026-01-01T00:00:00.000Z';
  expect(output).toMatchObject([
    {
      Execution: { Id: arn, Name: arn.split(':').at(-1), Input: { in: 1 }, StartTime: time, RedriveCount: 0 },
      StateMachine: { Name: 'Flow' },
      State: { Name: 'Show', EnteredTime: time, RetryCount: 0 },
      Map: { Item: { Index: 0, Value: 'a' } },
    },
  ]);
});

test('Output and Assign are evaluated side by side: neither sees what the other gives', async () => {
  const emulator = await Emulator.open();
  const { output } = await emulator.run(
    machine({
      First: { Type: 'Pass', Assign: { n: 1 }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { n: '{% $n + 1 %}', m: '{% $n %}' }, Output: '{% $n %}', Next: 'Third' },
      Third: { Type: 'Succeed', Output: { out: '{% $states.input %}', n: '{% $n %}', m: '{% $m %}' } },
    }),
  );
  expect(output).toEqual({ out: 1, n: 2, m: 1 });
});

test('an iteration reads the variables around it and keeps its own to itself', async () => {
  const emulator = await Emulator.open();
  const inner = {
    Add: { Type: 'Pass', Assign: { total: '{% $base + $states.input %}' }, Next: 'Give' },
    Give: { Type: 'Pass', Output: '{% $total %}', End: true },
  };
  const { output } = await emulator.run(
    machine({
      Set: { Type: 'Pass', Assign: { base: 10 }, Next: 'Each' },
      Each: { Type: 'Map', Items: [1, 2, 3], ItemProcessor: { StartAt: 'Add', States: inner }, Next: 'Look' },
      Look: { Type: 'Pass', Output: { sums: '{% $states.input %}', seen: '{% $exists($total) %}' }, End: true },
    }),
  );
  expect(output).toEqual({ sums: [11, 12, 13], seen: false });
});

test('a Choice takes the first rule that holds, with its own Assign and Output', async () => {
  const emulator = await Emulator.open();
  const choose = machine({
    Pick: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Say', Assign: { size: 'big' }, Output: 'rule' },
        { Condition: false, Next: 'Say' },
      ],
      Default: 'Say',
      Assign: { size: 'small' },
    },
    Say: { Type: 'Pass', Output: ['{% $size %}', '{% $states.input %}'], End: true },
  });
  expect((await emulator.run(choose, { n: 11 })).output).toEqual(['big', 'rule']);
  expect((await emulator.run(choose, { n: 1 })).output).toEqual(['small', { n: 1 }]);
});

test('a Choice without a rule that holds fails with States.NoChoiceMatched, and one that is no boolean with a type', async () => {
  const emulator = await Emulator.open();
  const choose = (condition: string) =>
    machine({ Pick: { Type: 'Choice', Choices: [{ Condition: condition, Next: 'Done' }] }, Done: { Type: 'Succeed' } });
  expect((await emulator.run(choose('{% 1 = 2 %}'))).description.error).toBe('States.NoChoiceMatched');
  const { description } = await emulator.run(choose("{% 'yes' %}"));
  expect(description.error).toBe('States.QueryEvaluationError');
  expect(description.cause).toContain("Expected 'boolean', but was 'string' for value: \"yes\"");
});

test('a Wait lasts the seconds or until the time that its expression gives', async () => {
  const clock = new JumpingClock();
  const emulator = await Emulator.open({ clock });
  const waits = machine({
    Some: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'Until' },
    Until: { Type: 'Wait', Timestamp: '{% $states.input.t %}', End: true },
  });
  await emulator.run(waits, { s: 90, t: '2026-01-01T00:02:00Z' });
  expect(clock.slept).toEqual([90_000, 30_000]);
  const { description } = await emulator.run(waits, { s: 0, t: '2026-01-01 00:02:00Z' });
  expect(description.cause).toContain('The Timestamp field cannot be parsed');
});

test('a Fail state takes its Error and Cause from expressions', async () => {
  const emulator = await Emulator.open();
  const fail = { Type: 'Fail', Error: '{% $states.input.Error %}', Cause: "{% 'because ' & $states.input.why %}" };
  const { description } = await emulator.run(machine({ Stop: fail }), { Error: 'Late', why: 'of rain' });
  expect(description).toMatchObject({ status: 'FAILED', error: 'Late', cause: 'because of rain' });
});

test('a whole or partial ARN, a name and a qualifier all name the function', async () => {
  const called: string[] = [];
  const emulator = await Emulator.open({
    invokeFunction: async ({ functionArn }) => {
      called.push(functionArn);
      return { payload: 'null' };
    },
  });
  const whole = 'arn:aws:lambda:eu-central-1:123456789012:function:work';
  for (const call of [{ FunctionName: 'work' }, { FunctionName: whole }, { FunctionName: 'work', Qualifier: 'live' }]) {
    await emulator.run(machine({ Work: task({ Arguments: call }) }));
  }
  expect(called).toEqual([whole, whole, `${whole}:live`]);
});
