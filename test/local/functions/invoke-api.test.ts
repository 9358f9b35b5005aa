import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Gate, gate } from './gate';
import { closeLambdas, type LocalLambda, localLambda } from './local-lambda';

let door: Gate;
let lambda: LocalLambda;
let server: Server;

beforeAll(async () => {
  door = await gate();
  lambda = localLambda(
    [
      { body: 'return { event, arn: context.invokedFunctionArn };' },
      { name: 'Thrower', body: 'throw new RangeError("too far");' },
      { name: 'Teller', body: door.wait('event.said') },
      { name: 'Never', reservedConcurrency: 0 },
    ],
    { maxEnvironments: 3 },
  );
  server = createServer((req, res) => void lambda.handle(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await closeLambdas();
  await door.close();
});

function post(name: string, body?: string, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  const [unqualified, query = ''] = name.split('?');
  const path = `/2015-03-31/functions/${unqualified}/invocations?${query}`;
  return fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body !== undefined && { body }) });
}

describe('the Invoke API', () => {
  test('answers with the result', async () => {
    const reply = await post('Echo', '{"n":1}');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-amz-executed-version')).toBe('$LATEST');
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers.get('x-amz-function-error')).toBeNull();
    expect(await reply.json()).toMatchObject({ event: { n: 1 } });
  });

  test('takes an ARN, a qualifier and no payload', async () => {
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:Echo';
    const reply = await post(`${encodeURIComponent(arn)}?Qualifier=live`);
    expect(await reply.json()).toEqual({ event: {}, arn: `${arn}:live` });
  });

  test('marks what a function threw', async () => {
    const reply = await post('Thrower', '{}');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(await reply.json()).toMatchObject({ errorType: 'RangeError' });
  });

  test('answers an Event before the function has run', async () => {
    const reply = await post('Teller', '{"said":"later"}', { 'x-amz-invocation-type': 'Event' });
    expect(reply.status).toBe(202);
    expect(await door.arrived(1)).toEqual(['later']);
    door.open();
  });

  test('runs nothing for a DryRun', async () => {
    const invocations = () => lambda.measure().find(({ name }) => name === 'Echo')?.invocations;
    const before = invocations();
    expect((await post('Echo', '{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    expect(invocations()).toBe(before);
  });

  test.each([
    ['an unknown function', 'Nobody', '{}', {}, 404, 'ResourceNotFoundException'],
    ['a throttled function', 'Never', '{}', {}, 429, 'TooManyRequestsException'],
    ['a payload that is no JSON', 'Echo', '{', {}, 400, 'InvalidRequestContentException'],
    ['a payload that is too long', 'Echo', JSON.stringify('x'.repeat(6 << 20)), {}, 413, 'RequestTooLargeException'],
    [
      'an Event that is too long',
      'Echo',
      JSON.stringify('x'.repeat(1 << 20)),
      { 'x-amz-invocation-type': 'Event' },
      413,
      'RequestTooLargeException',
    ],
    ['an unknown type', 'Echo', '{}', { 'x-amz-invocation-type': 'Later' }, 400, 'InvalidParameterValueException'],
  ])('refuses %s', async (_, name, body, headers, status, errorType) => {
    const reply = await post(name, body, headers as Record<string, string>);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('x-amzn-errortype')).toBe(errorType);
    expect(await reply.json()).toMatchObject({ Type: 'User', Message: expect.any(String) });
  });

  test('knows no other operation', async () => {
    const reply = await post('Echo', undefined, {}, 'GET');
    expect(reply.status).toBe(404);
    expect(reply.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  });
});
