import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultApi } from '../../local/fault-api';
import { FaultScript } from '../../local/fault-script';

const part = { service: 'ecr', operation: 'UploadLayerPart' } as const;

test('a rule meets the matching calls that it counts to, and no others', async () => {
  const script = new FaultScript();
  script.add({ ...part, from: 2, times: 2, fault: { kind: 'throttle' } });
  const met = await Promise.all(
    [1, 2, 3, 4].map(() => script.hook('ecr')({ operation: 'UploadLayerPart', input: {} })),
  );
  expect(met).toEqual([undefined, { kind: 'throttle' }, { kind: 'throttle' }, undefined]);
});

test('a call of another service, another operation or with other inputs is not counted', async () => {
  const script = new FaultScript();
  script.add({ ...part, where: { partFirstByte: 0 }, fault: { kind: 'hang' } });
  const call = { operation: 'UploadLayerPart', input: { partFirstByte: 0 } };
  expect(await script.hook('s3')(call)).toBeUndefined();
  expect(await script.hook('ecr')({ ...call, operation: 'PutImage' })).toBeUndefined();
  expect(await script.hook('ecr')({ ...call, input: { partFirstByte: 1 } })).toBeUndefined();
  expect(script.list()[0]?.seen).toBe(0);
  expect(await script.hook('ecr')(call)).toEqual({ kind: 'hang' });
});

test('of two rules that fit one call the first is met, and both count it', async () => {
  const script = new FaultScript();
  script.add({ ...part, fault: { kind: 'first' } }, { ...part, times: 2, fault: { kind: 'second' } });
  const met = await Promise.all([1, 2, 3].map(() => script.hook('ecr')({ operation: 'UploadLayerPart', input: {} })));
  expect(met).toEqual([{ kind: 'first' }, { kind: 'second' }, undefined]);
});

test('what somebody else does meanwhile is done before the call goes on', async () => {
  const script = new FaultScript();
  const done: string[] = [];
  script.add({ ...part, meanwhile: async () => done.push('meanwhile') });
  expect(await script.hook('ecr')({ operation: 'UploadLayerPart', input: {} })).toBeUndefined();
  expect(done).toEqual(['meanwhile']);
});

test('over HTTP rules are added, listed and cleared', async () => {
  const script = new FaultScript();
  const rule = { ...part, fault: { kind: 'reply-lost' } };
  await served(script, async (call) => {
    expect(await call('POST', JSON.stringify([rule]))).toEqual([200, [{ rule, seen: 0 }]]);
    script.hook('ecr')({ operation: 'UploadLayerPart', input: {} });
    expect(await call('GET')).toEqual([200, [{ rule, seen: 1 }]]);
    expect(await call('DELETE')).toEqual([200, []]);
  });
});

test.each([
  ['no JSON', '{'],
  ['no array', '{"service": "ecr"}'],
  ['a service that is none', '[{"service": "sqs", "operation": "SendMessage", "fault": {"kind": "hang"}}]'],
  ['no fault', '[{"service": "s3", "operation": "GetObject"}]'],
  ['null', '[null]'],
])('%s is answered with 400 and adds nothing', async (_, body) => {
  const script = new FaultScript();
  await served(script, async (call) => {
    expect(await call('POST', body)).toEqual([400, { message: expect.stringContaining('Expected a JSON array') }]);
  });
  expect(script.list()).toEqual([]);
});

type Call = (method: string, body?: string) => Promise<[status: number, body: unknown]>;

async function served(script: FaultScript, use: (call: Call) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => void faultApi(script, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await use(async (method, body) => {
      const response = await fetch(address, { method, ...(body === undefined ? {} : { body }) });
      return [response.status, await response.json()];
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
