import { closeLambdas, localLambda } from './local-lambda';

const MIB = 1024 * 1024;

afterEach(closeLambdas);

describe('the time limit', () => {
  test('ends a handler that spins, and the next invocation starts anew', async () => {
    const lambda = localLambda({ body: 'while (event.spin); return "alive";', timeout: 1 });
    const { value, functionError, requestId } = await lambda.call({ spin: true });
    expect(functionError).toBe('Unhandled');
    expect(value).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect((await lambda.call()).value).toBe('alive');
    expect(lambda.measure()[0]).toMatchObject({ coldStarts: 2, maxDurationMs: 1000 });
    expect(lambda.log()).toMatch(/REPORT .*\tStatus: timeout\n/);
  });
});

describe('the memory limit', () => {
  test('kills a handler that holds more, and says so as Lambda does', async () => {
    const lambda = localLambda({
      body: 'globalThis.held = Buffer.alloc(300 * 1024 * 1024, 1); await new Promise(() => {});',
    });
    const { value, functionError, requestId } = await lambda.call();
    expect(functionError).toBe('Unhandled');
    expect(value).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(lambda.log()).toMatch(/REPORT .*\tStatus: error\tError Type: Runtime.OutOfMemory\n/);
  });

  test('holds also for memory that is given back before anyone looks', async () => {
    const lambda = localLambda({
      body: 'Buffer.alloc(300 * 1024 * 1024, 1); global.gc(); return process.memoryUsage.rss();',
    });
    expect((await lambda.call()).value).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  test('leaves the high-water mark of each function in the measure', async () => {
    const lambda = localLambda([
      { name: 'Idle', body: 'return 1;' },
      { name: 'Holder', body: 'Buffer.alloc(100 * 1024 * 1024, 1); return 1;' },
      { name: 'Unused' },
    ]);
    await lambda.call({}, 'Idle');
    await lambda.call({}, 'Holder');
    const [idle, holder, unused] = lambda.measure().map((measure) => measure.peakRssBytes);
    expect(idle).toBeGreaterThan(20 * MIB);
    expect(holder).toBeGreaterThan((idle ?? 0) + 90 * MIB);
    expect(holder).toBeLessThan((idle ?? 0) + 130 * MIB);
    expect(unused).toBe(0);
  });
});

describe('a child that ends by itself', () => {
  test.each([
    ['process.exit(0);', 'Runtime exited without providing a reason'],
    ['process.exit(7);', 'Runtime exited with error: exit status 7'],
    [
      'process.kill(process.pid, "SIGTERM"); await new Promise(() => {});',
      'Runtime exited with error: signal: terminated',
    ],
  ])('fails the invocation: %s', async (body, reason) => {
    const { value, requestId } = await localLambda({ body }).call();
    expect(value).toEqual({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reason}` });
  });
});

describe('payloads', () => {
  test('of 6 MiB go in and come out whole', async () => {
    const text = 'é'.repeat((6 * MIB - 2) / 2);
    expect((await localLambda({}).call(text)).value).toBe(text);
  });

  test('that are longer are refused going in', async () => {
    await expect(localLambda({}).call('x'.repeat(6 * MIB))).rejects.toMatchObject({
      name: 'Lambda.RequestTooLargeException',
      message: '6291458 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
    });
  });

  test('that are longer fail the function coming out', async () => {
    const { value, functionError } = await localLambda({ body: 'return "x".repeat(6 * 1024 * 1024 + 99);' }).call();
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  test('that are no JSON are refused', async () => {
    const call = localLambda({}).invoke({ functionArn: 'Echo', payload: '{"a":' });
    await expect(call).rejects.toMatchObject({ name: 'Lambda.InvalidRequestContentException' });
  });
});
