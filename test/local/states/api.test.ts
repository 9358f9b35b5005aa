import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { StatusChange } from '../../../local/states';
import { JumpingClock, StandingClock } from './clocks';
import { closeAll, Emulator, giving, machine, ROLE, task, thrown, types } from './emulator';

afterEach(closeAll);

const waiting = machine({ Rest: { Type: 'Wait', Seconds: 1000, End: true } });
const named = (name: string) => expect.objectContaining({ name });
const start = (client: SFNClient, stateMachineArn: string, name?: string, input?: string) =>
  client.send(new StartExecutionCommand({ stateMachineArn, name, input }));

describe('StartExecution', () => {
  test('with the same name and input finds the running execution, and starts no other', async () => {
    const emulator = await Emulator.open({ clock: new StandingClock() });
    const { client } = emulator;
    const arn = await emulator.deploy(waiting);
    const first = await start(client, arn, 'once', '{"a":1}');
    expect(await start(client, arn, 'once', '{"a":1}')).toMatchObject({
      executionArn: first.executionArn,
      startDate: first.startDate,
    });
    await expect(start(client, arn, 'once', '{"a":2}')).rejects.toThrow(named('ExecutionAlreadyExists'));
  });

  test('does not take a name again once its execution has ended', async () => {
    const emulator = await Emulator.open();
    const arn = await emulator.deploy(giving(1));
    await start(emulator.client, arn, 'once');
    await emulator.states.idle();
    await expect(start(emulator.client, arn, 'once')).rejects.toThrow(named('ExecutionAlreadyExists'));
  });

  test.each(['a b', 'a/b', 'a:b', 'a#b', 'a{b', 'tab\t', 'nul\u0000', 'del\u007f'])(
    'refuses the name %j',
    async (name) => {
      const emulator = await Emulator.open();
      const arn = await emulator.deploy(giving(1));
      await expect(start(emulator.client, arn, name)).rejects.toThrow(named('InvalidName'));
    },
  );

  test('takes names of up to 80 characters, with dots, dashes and letters of any script', async () => {
    const emulator = await Emulator.open();
    const arn = await emulator.deploy(giving(1));
    const { executionArn } = await start(emulator.client, arn, 'é.b-c_(1)+='.padEnd(80, 'x'));
    expect(executionArn).toMatch(/:execution:Flow:é\.b-c/);
    await expect(start(emulator.client, arn, 'x'.repeat(81))).rejects.toThrow(named('ValidationException'));
  });

  test('refuses an input that is no JSON, or too long', async () => {
    const emulator = await Emulator.open();
    const arn = await emulator.deploy(giving(1));
    for (const input of ['not json', "{'a': 1}", '', JSON.stringify('x'.repeat(262_143))]) {
      await expect(start(emulator.client, arn, undefined, input)).rejects.toThrow(named('InvalidExecutionInput'));
    }
    await start(emulator.client, arn, undefined, JSON.stringify('x'.repeat(262_142)));
  });

  test('tells an ARN that is none from one that nothing has', async () => {
    const { client } = await Emulator.open();
    await expect(start(client, 'Flow')).rejects.toThrow(named('InvalidArn'));
    const arn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:None';
    await expect(start(client, arn)).rejects.toThrow(named('StateMachineDoesNotExist'));
  });
});

test('DescribeExecution tells a running, a succeeded and a failed execution', async () => {
  const emulator = await Emulator.open({ clock: new StandingClock(), invokeFunction: async () => thrown('Broken') });
  const failed = await emulator.run(machine({ Work: task() }), { a: 1 });
  expect(failed.description).toMatchObject({
    status: 'FAILED',
    error: 'Broken',
    cause: thrown('Broken').payload,
    input: '{"a":1}',
    inputDetails: { included: true },
    redriveCount: 0,
    redriveStatus: 'REDRIVABLE',
    stopDate: new Date(Date.UTC(2026, 0, 1)),
  });
  expect(failed.description.output).toBeUndefined();
  const succeeded = await emulator.run(giving(1));
  expect(succeeded.description).toMatchObject({
    status: 'SUCCEEDED',
    output: '1',
    outputDetails: { included: true },
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
  });
  const running = await emulator.start(waiting);
  const description = await emulator.client.send(new DescribeExecutionCommand({ executionArn: running }));
  expect(description).toMatchObject({
    status: 'RUNNING',
    redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
  });
  expect(description.stopDate).toBeUndefined();
});

test('StopExecution aborts the running function, and tells its error and cause', async () => {
  let aborted = false;
  let called = (): void => undefined;
  const running = new Promise<void>((resolve) => {
    called = resolve;
  });
  const emulator = await Emulator.open({
    invokeFunction: ({ signal }) =>
      new Promise((_, reject) => {
        called();
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(signal.reason);
        });
      }),
  });
  const executionArn = await emulator.start(
    machine({ Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] }), End: { Type: 'Succeed' } }),
  );
  await running;
  await emulator.client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'is enough' }));
  expect(aborted).toBe(true);
  const { description, events } = await emulator.finish(executionArn);
  expect(description).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'is enough' });
  expect(events.at(-1)).toMatchObject({
    type: 'ExecutionAborted',
    previousEventId: 0,
    executionAbortedEventDetails: { error: 'Enough', cause: 'is enough' },
  });
});

test('ListExecutions gives pages, newest first, of one status or all', async () => {
  const clock = new StandingClock();
  const emulator = await Emulator.open({ clock });
  const stateMachineArn = await emulator.deploy(giving(1));
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await start(emulator.client, stateMachineArn, name);
    await emulator.states.idle();
    clock.advance(1000);
  }
  await emulator.deploy(waiting);
  await start(emulator.client, stateMachineArn, 'f');
  const list = async (more: object) => {
    const names: string[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await emulator.client.send(new ListExecutionsCommand({ stateMachineArn, nextToken, ...more }));
      names.push((page.executions ?? []).map((execution) => execution.name ?? ''));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  };
  expect(await list({ maxResults: 4 })).toEqual([
    ['f', 'e', 'd', 'c'],
    ['b', 'a'],
  ]);
  expect(await list({ statusFilter: 'SUCCEEDED', maxResults: 5 })).toEqual([['e', 'd', 'c', 'b', 'a']]);
  expect(await list({ statusFilter: 'RUNNING' })).toEqual([['f']]);
  expect(await list({ redriveFilter: 'REDRIVEN' })).toEqual([[]]);
  const broken = new ListExecutionsCommand({ stateMachineArn, nextToken: 'rubbish' });
  await expect(emulator.client.send(broken)).rejects.toThrow(named('InvalidToken'));
  const greedy = new ListExecutionsCommand({ stateMachineArn, maxResults: 1001 });
  await expect(emulator.client.send(greedy)).rejects.toThrow(named('ValidationException'));
});

test('GetExecutionHistory gives pages in either order, and leaves data out when asked to', async () => {
  const emulator = await Emulator.open();
  const { arn: executionArn } = await emulator.run(giving({ secret: 1 }), { secret: 0 });
  const read = (more: object) => emulator.client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
  const first = await read({ reverseOrder: true, maxResults: 3 });
  expect(first.events?.map((event) => event.id)).toEqual([4, 3, 2]);
  const second = await read({ reverseOrder: true, maxResults: 3, nextToken: first.nextToken });
  expect(second.events?.map((event) => event.id)).toEqual([1]);
  expect(second.nextToken).toBeUndefined();
  await expect(read({ nextToken: first.nextToken })).rejects.toThrow(named('InvalidToken'));
  const bare = await read({ includeExecutionData: false });
  expect(JSON.stringify(bare.events)).not.toContain('secret');
  expect(bare.events?.[1]?.stateEnteredEventDetails).toMatchObject({ name: 'Give' });
  const none = new GetExecutionHistoryCommand({ executionArn: `${executionArn}x` });
  await expect(emulator.client.send(none)).rejects.toThrow(named('ExecutionDoesNotExist'));
});

test('the state machine is told as deployed, and to an execution as it was when it began', async () => {
  const emulator = await Emulator.open();
  const { arn: executionArn } = await emulator.run(giving('old'));
  const stateMachineArn = await emulator.deploy(giving('new'));
  const { client } = emulator;
  const now = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(now).toMatchObject({
    name: 'Flow',
    status: 'ACTIVE',
    type: 'STANDARD',
    roleArn: ROLE,
    definition: JSON.stringify(giving('new')),
  });
  const then = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
  expect(then.definition).toBe(JSON.stringify(giving('old')));
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
  expect(stateMachines).toMatchObject([{ name: 'Flow', stateMachineArn, type: 'STANDARD' }]);
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }))).tags).toEqual([]);
});

test('every change of status is told with the fields of the EventBridge event', async () => {
  const changes: StatusChange[] = [];
  const emulator = await Emulator.open({ clock: new JumpingClock(), onStatusChange: (change) => changes.push(change) });
  const { arn } = await emulator.run(giving('{% $states.input.n %}'), { n: 1 });
  const time = Date.UTC(2026, 0, 1);
  expect(changes.map((change) => change.status)).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(changes[0]).toMatchObject({ stopDate: null, output: null, outputDetails: null });
  expect(changes[1]).toMatchObject({
    executionArn: arn,
    startDate: time,
    stopDate: time,
    input: '{"n":1}',
    output: '1',
    error: null,
  });
});

test('a machine that loops still lets other requests in', async () => {
  const emulator = await Emulator.open();
  const loop = machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
  const executionArn = await emulator.start(loop);
  await emulator.client.send(new StopExecutionCommand({ executionArn }));
  const { description, events } = await emulator.finish(executionArn);
  expect(description.status).toBe('ABORTED');
  expect(types(events).at(-1)).toBe('ExecutionAborted');
});
