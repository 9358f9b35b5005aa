import { ListExecutionsCommand, ListStateMachinesCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Fault, FaultCall } from '../../../local/states';
import { closeAll, Emulator, giving } from './emulator';

afterEach(closeAll);

async function emulatorWith(fault: Fault): Promise<{ emulator: Emulator; calls: FaultCall[]; arn: string }> {
  const calls: FaultCall[] = [];
  const emulator = await Emulator.open({
    faults: (call) => {
      calls.push(call);
      return call.operation === 'StartExecution' ? fault : undefined;
    },
  });
  return { emulator, calls, arn: await emulator.deploy(giving(1)) };
}

const executionsOf = async (emulator: Emulator, stateMachineArn: string) =>
  (await emulator.client.send(new ListExecutionsCommand({ stateMachineArn }))).executions;

test.each<[Fault, object]>([
  [
    { kind: 'error', name: 'ExecutionLimitExceeded', message: 'too many' },
    { name: 'ExecutionLimitExceeded', message: 'too many' },
  ],
  [{ kind: 'throttle' }, { name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } }],
  [{ kind: 'server-error' }, { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
  [{ kind: 'server-error', html: true }, { $response: { statusCode: 503, headers: { 'content-type': 'text/html' } } }],
])('the fault %j is answered, and nothing is done', async (fault, expected) => {
  const { emulator, calls, arn } = await emulatorWith(fault);
  const error = await emulator.client
    .send(new StartExecutionCommand({ stateMachineArn: arn, name: 'x' }))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject(expected);
  const { accessKeyId } = await emulator.client.config.credentials();
  expect(calls).toEqual([{ operation: 'StartExecution', input: { stateMachineArn: arn, name: 'x' }, accessKeyId }]);
  expect(await executionsOf(emulator, arn)).toEqual([]);
});

test('a lost reply comes after the operation was carried out', async () => {
  const { emulator, arn } = await emulatorWith({ kind: 'reply-lost' });
  await expect(emulator.client.send(new StartExecutionCommand({ stateMachineArn: arn, name: 'x' }))).rejects.toThrow();
  expect(await executionsOf(emulator, arn)).toMatchObject([{ name: 'x' }]);
});

test('a hanging request does nothing, and ends with the emulator', async () => {
  const { emulator, calls, arn } = await emulatorWith({ kind: 'hang' });
  const hanging = emulator.client.send(new StartExecutionCommand({ stateMachineArn: arn, name: 'x' }));
  const ended = expect(hanging).rejects.toThrow();
  while (calls.length === 0)
    await emulator.client.send(new ListStateMachinesCommand({})).then(() => calls.splice(0, calls.length - 1));
  expect(await executionsOf(emulator, arn)).toEqual([]);
  await emulator.states.close();
  await ended;
});
