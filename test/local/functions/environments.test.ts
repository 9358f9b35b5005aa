import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FunctionsClosed } from '../../../local/functions';
import { type Gate, gate } from './gate';
import { ACCOUNT, closeLambdas, functionSpec, localLambda, REGION } from './local-lambda';

let door: Gate;

beforeEach(async () => {
  door = await gate();
});

afterEach(async () => {
  await closeLambdas();
  await door.close();
});

const killed = expect.stringMatching(/Runtime exited with error: signal: killed$/);

describe('an environment', () => {
  test('is used again when idle, and serves one invocation at a time', async () => {
    const lambda = localLambda({
      body: `globalThis.n = (globalThis.n ?? 0) + 1; ${door.wait()} return [process.pid, n];`,
    });
    const pair = [lambda.call(), lambda.call()];
    await door.arrived(2);
    door.open();
    const [first, second] = (await Promise.all(pair)).map(({ value }) => (value as [number, number])[0]);
    expect(first).not.toBe(second);
    const [third, count] = (await lambda.call()).value as [number, number];
    expect([first, second]).toContain(third);
    expect(count).toBe(2);
    expect(lambda.measure()[0]).toMatchObject({ invocations: 3, coldStarts: 2 });
  });

  test('is waited for in line when there are as many as may be', async () => {
    const lambda = localLambda({ body: `${door.wait('event.name')} return process.pid;` }, { maxEnvironments: 1 });
    const calls = ['a', 'b', 'c'].map((name) => lambda.call({ name }));
    expect(await door.arrived(1)).toEqual(['a']);
    door.open();
    const pids = (await Promise.all(calls)).map(({ value }) => value);
    expect(new Set(pids).size).toBe(1);
    expect(await door.arrived(3)).toEqual(['a', 'b', 'c']);
  });

  test('gives way to another function when it is idle and there is no room', async () => {
    const body = 'return process.pid;';
    const lambda = localLambda(
      [
        { name: 'A', body },
        { name: 'B', body },
      ],
      { maxEnvironments: 1 },
    );
    const { value: pid } = await lambda.call({}, 'A');
    await lambda.call({}, 'B');
    expect((await lambda.call({}, 'A')).value).not.toBe(pid);
    expect(lambda.measure().map(({ coldStarts }) => coldStarts)).toEqual([2, 1]);
  });

  test('counts against the reserved concurrency of its function alone', async () => {
    const lambda = localLambda([{ name: 'One', body: door.wait(), reservedConcurrency: 1 }, { name: 'Other' }]);
    const first = lambda.call({}, 'One');
    await expect(lambda.call({}, 'One')).rejects.toMatchObject({ name: 'Lambda.TooManyRequestsException' });
    await lambda.call({}, 'Other');
    door.open();
    await first;
    await lambda.call({}, 'One');
  });
});

describe('an aborted invocation', () => {
  test('rejects with the reason when its child is gone', async () => {
    const lambda = localLambda({ body: door.wait('process.pid') });
    const stop = new AbortController();
    const call = lambda.invoke({ functionArn: 'Echo', payload: '{}', signal: stop.signal });
    const [pid] = await door.arrived(1);
    stop.abort(new Error('execution stopped'));
    await expect(call).rejects.toThrow('execution stopped');
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  test('leaves the line and never runs', async () => {
    const lambda = localLambda({ body: door.wait('event.name') }, { maxEnvironments: 1 });
    const first = lambda.call({ name: 'first' });
    const stop = new AbortController();
    const call = lambda.invoke({ functionArn: 'Echo', payload: '{"name":"second"}', signal: stop.signal });
    const third = lambda.call({ name: 'third' });
    await door.arrived(1);
    stop.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    door.open();
    await Promise.all([first, third]);
    expect(await door.arrived(2)).toEqual(['first', 'third']);
  });

  test('starts nothing when it was aborted before', async () => {
    const lambda = localLambda({});
    const call = lambda.invoke({ functionArn: 'Echo', payload: '{}', signal: AbortSignal.abort(new Error('early')) });
    await expect(call).rejects.toThrow('early');
    expect(lambda.measure()[0]).toMatchObject({ invocations: 0, coldStarts: 0 });
  });
});

describe('killed environments', () => {
  test('fail what they were doing, of the function named alone', async () => {
    const body = `${door.wait()} return "done";`;
    const lambda = localLambda([
      { name: 'A', body },
      { name: 'B', body },
    ]);
    const [a, b] = [lambda.call({}, 'A'), lambda.call({}, 'B')];
    await door.arrived(2);
    lambda.killEnvironments('A');
    expect((await a).value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: killed });
    door.open();
    expect((await b).value).toBe('done');
    expect((await lambda.call({}, 'A')).value).toBe('done');
  });

  test('may be killed while they load', async () => {
    const lambda = localLambda({ code: `(async () => { ${door.wait()} })(); while (true);`, file: 'index.js' });
    const call = lambda.call();
    lambda.killEnvironments();
    expect((await call).value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: killed });
  });
});

describe('closing', () => {
  test('ends running and waiting invocations, and refuses new ones', async () => {
    const lambda = localLambda({ body: door.wait('process.pid') }, { maxEnvironments: 1 });
    const calls = [lambda.call(), lambda.call()].map((call) => expect(call).rejects.toThrow(FunctionsClosed));
    const [pid] = await door.arrived(1);
    await lambda.close();
    await Promise.all(calls);
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    await expect(lambda.call()).rejects.toThrow(FunctionsClosed);
  });

  test('is not needed for children to end when the parent is killed', async () => {
    const root = mkdtempSync(join(tmpdir(), 'local-lambda-'));
    const spec = functionSpec(root, { body: door.wait() });
    const options = { functions: [spec], region: REGION, accountId: ACCOUNT, logDir: root };
    const program = `const { createFunctions } = require(${JSON.stringify(resolve(__dirname, '../../../local/functions'))});
      createFunctions(${JSON.stringify(options)}).invoke({ functionArn: 'Echo', payload: '{}' });`;
    const parent = spawn(process.execPath, ['--require', 'tsx/cjs', '--eval', program], { stdio: 'inherit' });
    await door.arrived(1);
    parent.kill('SIGKILL');
    await door.broken(1);
    rmSync(root, { recursive: true, force: true });
  });
});

describe('scripted faults', () => {
  test('kill the child before the handler sees the event, throttle, or fail the service', async () => {
    const kinds = ['kill-before', 'throttle', 'service-exception'] as const;
    const lambda = localLambda(
      { body: door.wait('event.n') },
      { faults: async ({ payload }) => ((kind) => kind && { kind })(kinds[JSON.parse(payload).n]) },
    );
    door.open();
    expect((await lambda.call({ n: 0 })).value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: killed });
    await expect(lambda.call({ n: 1 })).rejects.toMatchObject({ name: 'Lambda.TooManyRequestsException' });
    await expect(lambda.call({ n: 2 })).rejects.toMatchObject({ name: 'Lambda.ServiceException' });
    await lambda.call({ n: 3 });
    expect(await door.arrived(1)).toEqual(['3']);
  });

  test('kill the child in the middle of its work', async () => {
    const lambda = localLambda(
      { body: 'await new Promise(() => {});' },
      { faults: async () => ({ kind: 'kill-after-ms', ms: 20 }) },
    );
    const { value, requestId } = await lambda.call();
    expect(value).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: killed });
    expect(lambda.log()).toContain(`START RequestId: ${requestId}`);
    expect(lambda.measure()[0]?.maxDurationMs).toBeLessThan(10_000);
  });
});
