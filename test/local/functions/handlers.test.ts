import { closeLambdas, localLambda } from './local-lambda';

afterEach(closeLambdas);

describe('a handler', () => {
  test('is given the event and its result comes back', async () => {
    const lambda = localLambda({ body: 'return { doubled: event.n * 2 };' });
    const { value, functionError } = await lambda.call({ n: 21 });
    expect(value).toEqual({ doubled: 42 });
    expect(functionError).toBeUndefined();
  });

  test('that returns nothing gives null', async () => {
    expect((await localLambda({ body: '' }).call()).value).toBeNull();
  });

  test('is given the context Lambda gives', async () => {
    const lambda = localLambda({
      body: 'return { ...context, left: context.getRemainingTimeInMillis() };',
      memorySize: 320,
    });
    const reply = await lambda.invoke({ functionArn: 'Echo:live', payload: '{}' });
    expect(JSON.parse(reply.payload)).toMatchObject({
      awsRequestId: reply.requestId,
      functionName: 'Echo',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:Echo:live',
      memoryLimitInMB: '320',
      logGroupName: '/aws/lambda/Echo',
    });
    const { left } = JSON.parse(reply.payload);
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  test('sees the variables of Lambda, the options and the function, and nothing of the parent', async () => {
    process.env.SECRET_OF_THE_PARENT = 'x';
    const lambda = localLambda(
      { body: 'return process.env;', environment: { STAGE: 'test', AWS_REGION: 'mars-1', BOTH: 'function' } },
      { environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', BOTH: 'options' } },
    );
    const { value } = await lambda.call();
    delete process.env.SECRET_OF_THE_PARENT;
    const variables = value as Record<string, string>;
    expect(variables).toMatchObject({
      AWS_REGION: 'eu-central-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Echo',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/Echo',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      TZ: ':UTC',
      STAGE: 'test',
      BOTH: 'function',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      PATH: process.env.PATH,
    });
    const known = /^(AWS_\w+|_HANDLER|LAMBDA_TASK_ROOT|LANG|TZ|PATH|SystemRoot|STAGE|BOTH)$/;
    expect(Object.keys(variables).filter((name) => !known.test(name))).toEqual([]);
  });

  test('runs in its code directory, in UTC, with the flags of its NODE_OPTIONS and no channel to the parent', async () => {
    const lambda = localLambda({
      body: `return { inRoot: process.cwd() === process.env.LAMBDA_TASK_ROOT, minutes: new Date().getTimezoneOffset(),
        maps: require('node:process').sourceMapsEnabled, sender: typeof process.send };`,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
    });
    expect((await lambda.call()).value).toEqual({ inRoot: true, minutes: 0, maps: true, sender: 'undefined' });
  });

  test('has a heap in proportion to its memory', async () => {
    const body = "return require('node:v8').getHeapStatistics().heap_size_limit / 1024 / 1024;";
    const lambda = localLambda([
      { name: 'Small', body, memorySize: 256 },
      { name: 'Large', body, memorySize: 1024 },
    ]);
    for (const [name, memory] of [
      ['Small', 256],
      ['Large', 1024],
    ] as const) {
      const { value } = await lambda.call({}, name);
      expect(value).toBeGreaterThan(0.9 * memory);
      expect(value).toBeLessThan(1.25 * memory);
    }
  });

  test('may lie in a folder, in an ES module, and below another export', async () => {
    const lambda = localLambda([
      {
        name: 'Module',
        file: 'index.mjs',
        code: 'const ready = await "yes"; export const handler = async () => ready;',
      },
      { name: 'Nested', handler: 'index.api.get', code: 'exports.api = { get: async () => "nested" };' },
    ]);
    expect((await lambda.call({}, 'Module')).value).toBe('yes');
    expect((await lambda.call({}, 'Nested')).value).toBe('nested');
  });
});

describe('a handler that throws', () => {
  test('gives the name, message and trace of its error, and the next invocation finds the child warm', async () => {
    const lambda = localLambda({
      body: 'if (event.bad) { const e = new Error("no such tar"); e.name = "TarEmpty"; throw e; } return process.pid;',
    });
    const { value, functionError } = await lambda.call({ bad: true });
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TarEmpty', errorMessage: 'no such tar' });
    expect((value as { trace: string[] }).trace.join('\n')).toMatch(/index\.js:1/);
    await lambda.call();
    expect(lambda.measure()[0]).toMatchObject({ invocations: 2, coldStarts: 1 });
  });

  test('may throw what is no error', async () => {
    const { value } = await localLambda({ body: 'throw "a string";' }).call();
    expect(value).toEqual({ errorType: 'string', errorMessage: 'a string', trace: [] });
  });

  test('may fail outside of its promise', async () => {
    const lambda = localLambda({
      body: `if (event.reject) Promise.reject(new TypeError("left alone"));
        else setImmediate(() => { throw new RangeError("out of hand"); });
        await new Promise(() => {});`,
    });
    expect((await lambda.call({ reject: true })).value).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'TypeError: left alone',
    });
    expect((await lambda.call()).value).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of hand' });
    expect(lambda.measure()[0]).toMatchObject({ invocations: 2, coldStarts: 2 });
  });

  test.each([
    [
      'throws its own error',
      { code: 'throw Object.assign(new Error("no table"), { name: "ConfigMissing" });' },
      'ConfigMissing',
    ],
    ['is not there', { handler: 'other.handler' }, 'Runtime.ImportModuleError'],
    ['needs a package that is not there', { code: 'require("not-to-be-found");' }, 'Runtime.ImportModuleError'],
    ['is no JavaScript', { code: 'exports.handler = async ( => 1;' }, 'Runtime.UserCodeSyntaxError'],
    ['exports no handler', { code: 'exports.other = async () => 1;' }, 'Runtime.HandlerNotFound'],
    [
      'wants a callback',
      { code: 'exports.handler = (event, context, done) => done();' },
      'Runtime.CallbackHandlerDeprecated',
    ],
    ['ends while it is loaded', { code: 'process.exit(3);' }, 'Runtime.ExitError'],
  ])('a file that %s fails every invocation by that name', async (_, sketch, errorType) => {
    const { value, functionError } = await localLambda(sketch).call();
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType });
  });
});
