import { DescribeExecutionCommand, RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { StandingClock } from './clocks';
import { closeAll, Emulator, giving, machine, outline, task, thrown, types } from './emulator';

afterEach(closeAll);

const named = (name: string) => expect.objectContaining({ name });

test('a finished execution and its history are the same after a restart', async () => {
  const before = await Emulator.open();
  const { arn, description, events } = await before.run(giving('{% $states.input %}'), { a: 1 });
  const measured = before.states.measure(arn);
  await before.stop();
  const after = await Emulator.open({ dataDir: before.dataDir });
  const again = await after.finish(arn);
  expect(again.description).toMatchObject({ ...description, $metadata: expect.anything() });
  expect(again.events).toEqual(events);
  expect(after.states.measure(arn)).toEqual(measured);
});

test('an execution that was running at the end is ABORTED after a restart, and its name stays taken', async () => {
  const before = await Emulator.open({ clock: new StandingClock() });
  const arn = await before.start(machine({ Rest: { Type: 'Wait', Seconds: 10, End: true } }));
  await before.stop();
  const after = await Emulator.open({ dataDir: before.dataDir });
  const { description, events } = await after.finish(arn);
  expect(description.status).toBe('ABORTED');
  expect(types(events)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  const stateMachineArn = await after.deploy(giving(1));
  const again = new StartExecutionCommand({ stateMachineArn, name: arn.split(':').at(-1) });
  await expect(after.client.send(again)).rejects.toThrow(named('ExecutionAlreadyExists'));
});

test('a redrive goes on at the failed task with its input and variables, and appends to the history', async () => {
  let calls = 0;
  const emulator = await Emulator.open({
    invokeFunction: async ({ payload }) => {
      calls += 1;
      return calls === 1 ? thrown('Once') : { payload };
    },
  });
  const flow = machine({
    Set: { Type: 'Pass', Assign: { kept: 7 }, Output: 'in', Next: 'Work' },
    Work: task({
      Output: ['{% $states.result.Payload %}', '{% $kept %}', '{% $states.context.Execution.RedriveCount %}'],
    }),
  });
  const failed = await emulator.run(flow);
  expect(failed.description.status).toBe('FAILED');
  await emulator.client.send(new RedriveExecutionCommand({ executionArn: failed.arn }));
  const { description, output, events } = await emulator.finish(failed.arn);
  expect(output).toEqual(['in', 7, 1]);
  expect(description).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  expect(description.error).toBeUndefined();
  expect(description.redriveDate).toBeInstanceOf(Date);
  expect(outline(events).slice(failed.events.length)).toEqual([
    '9 0 ExecutionRedriven',
    '10 9 TaskScheduled',
    '11 10 TaskStarted',
    '12 11 TaskSucceeded',
    '13 12 TaskStateExited',
    '14 13 ExecutionSucceeded',
  ]);
  expect(events[8]?.executionRedrivenEventDetails).toEqual({ redriveCount: 1 });
  const more = new RedriveExecutionCommand({ executionArn: failed.arn });
  await expect(emulator.client.send(more)).rejects.toThrow(named('ExecutionNotRedrivable'));
});

test('a redrive after a restart runs only the iterations that did not succeed', async () => {
  const map = {
    Type: 'Map',
    MaxConcurrency: 1,
    Items: ['a', 'b', 'c'],
    ItemProcessor: { StartAt: 'Work', States: { Work: task() } },
    End: true,
  };
  const before = await Emulator.open({
    invokeFunction: async ({ payload }) => (payload === '"b"' ? thrown('No') : { payload }),
  });
  const { arn } = await before.run(machine({ Each: map }));
  await before.stop();
  const calls: string[] = [];
  const after = await Emulator.open({
    dataDir: before.dataDir,
    invokeFunction: async ({ payload }) => {
      calls.push(payload);
      return { payload };
    },
  });
  await after.client.send(new RedriveExecutionCommand({ executionArn: arn }));
  const { output, description } = await after.finish(arn);
  expect(output).toEqual(['a', 'b', 'c']);
  expect(calls).toEqual(['"b"', '"c"']);
  expect(description.redriveCount).toBe(1);
});

test('an execution can be redriven for 14 days', async () => {
  const clock = new StandingClock();
  const emulator = await Emulator.open({ clock });
  const { arn } = await emulator.run(machine({ Stop: { Type: 'Fail', Error: 'No' } }));
  clock.advance(14 * 24 * 3_600_000);
  const describe = async () =>
    (await emulator.client.send(new DescribeExecutionCommand({ executionArn: arn }))).redriveStatus;
  expect(await describe()).toBe('REDRIVABLE');
  clock.advance(1);
  expect(await describe()).toBe('NOT_REDRIVABLE');
  const redrive = new RedriveExecutionCommand({ executionArn: arn });
  await expect(emulator.client.send(redrive)).rejects.toThrow(named('ExecutionNotRedrivable'));
});
