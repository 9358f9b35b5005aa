import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBus, type Invoke } from '../../local/event-bus';
import type { BusEvent } from '../../local/event-pattern';
import { deploy } from '../../local/template';

const folder = mkdtempSync(join(tmpdir(), 'slipway-bus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACE = { stackName: 'Stack', accountId: '000000000000', region: 'us-east-1' };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-Starter';

test('an event goes to the target of each rule that it matches, and to no other', async () => {
  const calls: string[] = [];
  const { bus } = busThat(async ({ functionArn, payload }) => {
    calls.push(`${functionArn} ${JSON.parse(payload).id}`);
    return { payload: '{}' };
  });
  bus.put(event('1', 'aws.s3'));
  bus.put(event('2', 'aws.ec2'));
  await bus.idle();
  expect(calls).toEqual([`${ARN} 1`]);
});

test('what fails is tried again as often as the template says, and is then done', async () => {
  let calls = 0;
  const { bus, deadLetters } = busThat(async () => {
    calls += 1;
    if (calls === 1) throw new Error('Rate Exceeded.');
    return calls === 2 ? { functionError: 'Unhandled', payload: '{"errorType":"Throttled"}' } : { payload: '{}' };
  });
  bus.put(event('3', 'aws.s3'));
  await bus.idle();
  expect(calls).toBe(3);
  expect(deadLetters()).toEqual([]);
});

test('what Lambda does not take for the moment counts as no try', async () => {
  let calls = 0;
  const { bus, deadLetters } = busThat(async () => {
    calls += 1;
    if (calls <= 5) throw new Error('Rate Exceeded.');
    return { payload: '{}' };
  });
  bus.put(event('7', 'aws.s3'));
  await bus.idle();
  expect(calls).toBe(6);
  expect(deadLetters()).toEqual([]);
});

test('what fails every time becomes a dead letter with the last failure', async () => {
  let calls = 0;
  const { bus, deadLetters } = busThat(async () => {
    calls += 1;
    return { functionError: 'Unhandled', payload: `failure ${calls}` };
  }, 1);
  bus.put(event('4', 'aws.s3'));
  await bus.idle();
  expect(calls).toBe(2);
  expect(deadLetters()).toEqual([{ functionArn: ARN, event: event('4', 'aws.s3'), failure: 'failure 2' }]);
});

test('every try of one event has the same request id, and every event another', async () => {
  const ids: string[] = [];
  const { bus } = busThat(async ({ requestId }) => {
    ids.push(requestId);
    return { functionError: 'Unhandled', payload: '' };
  }, 1);
  bus.put(event('5', 'aws.s3'));
  await bus.idle();
  bus.put(event('6', 'aws.s3'));
  await bus.idle();
  expect([ids[0] === ids[1], ids[1] === ids[2], ids[2] === ids[3]]).toEqual([true, false, true]);
});

test('an event for a topic is written down as its message', async () => {
  const { bus, notifications } = busThat(async () => ({ payload: '{}' }));
  bus.put(event('7', 'slipway'));
  await bus.idle();
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:Stack-Topic';
  expect(notifications()).toEqual([{ topicArn, message: event('7', 'slipway') }]);
});

test('what fails after the bus was closed is no dead letter', async () => {
  const { bus, deadLetters } = busThat(async () => {
    bus.close();
    throw new Error('The functions are closed.');
  });
  bus.put(event('8', 'aws.s3'));
  await bus.idle();
  expect(deadLetters()).toEqual([]);
});

let files = 0;
function busThat(invoke: Invoke, MaximumRetryAttempts?: number) {
  files += 1;
  const deadLetters = join(folder, `dead-letters-${files}.jsonl`);
  const notifications = join(folder, `notifications-${files}.jsonl`);
  const bus = new EventBus(deploy(template(MaximumRetryAttempts), PLACE), invoke, { deadLetters, notifications });
  return { bus, deadLetters: () => lines(deadLetters), notifications: () => lines(notifications) };
}

function template(MaximumRetryAttempts?: number) {
  return {
    Resources: {
      Starter: { Type: 'AWS::Lambda::Function' },
      Topic: { Type: 'AWS::SNS::Topic' },
      TopicRule: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['slipway'] }, Targets: [{ Arn: { Ref: 'Topic' } }] },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.s3'] },
          Targets: [{ Arn: { 'Fn::GetAtt': ['Starter', 'Arn'] } }],
        },
      },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Starter' },
          ...(MaximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts }),
        },
      },
    },
  };
}

function event(id: string, source: string): BusEvent {
  const { accountId: account, region } = PLACE;
  const time = new Date(0).toISOString();
  return {
    version: '0',
    id,
    'detail-type': 'Object Created',
    source,
    account,
    time,
    region,
    resources: [],
    detail: {},
  };
}

function lines(file: string): unknown[] {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
