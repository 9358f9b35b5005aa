import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { DescribeExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { Notice } from '../../lambda/contract/notice';
import { dockerArchive } from '../support/docker-archive-builder';
import { fastClock } from '../support/fast-clock';
import { ociLayout } from '../support/oci-layout-builder';
import { type EndedPush, RunningSlipway } from '../support/running-slipway';

const LONGEST_PUSH = 2 * 24 * 3600 * 1000;

/** Ends the time that the executions under way may take. */
let endTime = () => {};
const fast = fastClock();
const clock = {
  now: fast.now,
  sleep: async (ms: number, signal: AbortSignal) => {
    if (ms < LONGEST_PUSH) return fast.sleep(ms, signal);
    await new Promise<void>((resolve) => {
      endTime = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  },
};

let slipway: RunningSlipway;
beforeAll(async () => {
  const everywhere = { repositories: ['*'], createRepositories: {} };
  const stack = {
    drops: [
      { prefix: 'team-a/', ...everywhere, notifyEmails: ['team-a@example.com'] },
      { prefix: 'team-ab', ...everywhere, notifyEmails: ['team-ab@example.com'] },
      { prefix: '', ...everywhere },
    ],
  };
  slipway = await RunningSlipway.start({ clock, stack });
});
afterAll(() => slipway.stop());
afterEach(() => slipway.cloud.faults.clear());

/** The messages about one execution. */
function messagesOf({ executionArn }: Pick<EndedPush, 'executionArn'>) {
  const all = slipway.notifications().filter(({ message }) => message.detail.executionArn === executionArn);
  return all.map(({ topicArn, message }) => ({ topic: topicArn.split(':').at(-1), ...message }));
}

/** The only notice of an execution, in its documented shape. */
function noticeOf(push: Pick<EndedPush, 'executionArn'>): Notice & { type: string } {
  const [message, ...others] = messagesOf(push);
  expect(others).toEqual([]);
  return { type: message?.['detail-type'] ?? 'none', ...z.strictObject(Notice.shape).parse(message?.detail) };
}

/** Values of the metrics that CloudWatch reads from the log of SendNotice about one execution, by their dimensions. */
function metricsOf({ executionArn }: Pick<EndedPush, 'executionArn'>): Record<string, unknown>[] {
  const name = slipway.cloud.measure().find(({ step }) => step === 'SendNotice')?.name;
  const log = readFileSync(join(slipway.dataDir, 'logs', `${name}.log`), 'utf8');
  const lines = log.split('\n').filter((line) => line.includes('"CloudWatchMetrics"'));
  const ours = lines.map((line) => JSON.parse(line)).filter((line) => executionArn.endsWith(`:${line.execution}`));
  return ours.flatMap(({ _aws, ...values }) =>
    _aws.CloudWatchMetrics.map(({ Namespace, Dimensions, Metrics }: EmbeddedMetrics) => ({
      Namespace,
      of: Object.fromEntries((Dimensions[0] ?? []).map((key) => [key, values[key]])),
      ...Object.fromEntries(Metrics.map((metric) => [`${metric.Name} in ${metric.Unit}`, values[metric.Name]])),
    })),
  );
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
interface EmbeddedMetrics {
  readonly Namespace: string;
  readonly Dimensions: string[][];
  readonly Metrics: { Name: string; Unit: string }[];
}

/** Starts a push whose layers hang, and resolves when the first part is on its way. */
async function startHanging(key: string): Promise<{ executionArn: string }> {
  slipway.cloud.faults.add({ service: 'ecr', operation: 'UploadLayerPart', times: 100, fault: { kind: 'hang' } });
  const known = await slipway.executions();
  await slipway.put(key, ociLayout({ seed: key.length }).tarball.toBuffer());
  while (slipway.cloud.faults.list().every(({ seen }) => seen === 0)) await passing(50);
  const [executionArn = ''] = (await slipway.executions()).filter((arn) => !known.includes(arn));
  return { executionArn };
}

test('a push that succeeds tells of it once: what is where, and what it took', async () => {
  const push = await slipway.drop('team-a/sound/1.tar', ociLayout({ seed: 1 }).tarball.toBuffer());
  const [message] = messagesOf(push);
  expect(message).toMatchObject({
    source: 'slipway',
    'detail-type': 'Image Pushed',
    resources: [slipway.cloud.stateMachineArn, push.executionArn],
    topic: expect.stringContaining('Drop0Topic'),
  });
  const { totals, ...notice } = noticeOf(push);
  expect(notice).toMatchObject({
    drop: 'team-a/',
    source: { bucket: slipway.cloud.dropBucket, key: 'team-a/sound/1.tar', versionId: expect.any(String) },
    result: 'SUCCEEDED',
    images: push.receipt?.images,
    receipt: push.receipt?.receipt,
  });
  expect(totals).toMatchObject({ layersSent: push.receipt?.layersSent, bytesSent: push.receipt?.bytesSent });
  expect(Date.parse(notice.endedAt)).toBeGreaterThanOrEqual(Date.parse(notice.startedAt));
});

test('a push that fails tells of it once, with the diagnosis of the workflow', async () => {
  const push = await slipway.drop('team-a/broken/1.tar', Buffer.from('<html>404</html>'));
  const { type, diagnosis, failure, images } = noticeOf(push);
  expect({ type, images, diagnosis }).toEqual({ type: 'Image Push Failed', images: [], diagnosis: push.diagnosis });
  expect(failure?.key).toMatch(/failure\.json$/);
});

test('a push is counted once: bytes that were sent and skipped, restarts, and its time', async () => {
  slipway.cloud.faults.add({ service: 'ecr', operation: 'UploadLayerPart', fault: { kind: 'forget-upload' } });
  const tarball = ociLayout({ seed: 7, layers: 2 }).tarball.toBuffer();
  const [first, again] = [
    await slipway.drop('team-a/counted/1.tar', tarball),
    await slipway.drop('team-a/counted/2.tar', tarball),
  ];
  const service = slipway.cloud.stateMachineArn.split(':').at(-1);
  const common = { Namespace: 'Slipway', of: { service }, 'PushDuration in Milliseconds': expect.any(Number) };
  const { bytesSent, bytesSkipped } = first.receipt ?? {};
  expect(bytesSent).toBeGreaterThan(0);
  expect(metricsOf(first)).toEqual([
    {
      ...common,
      'BytesSent in Bytes': bytesSent,
      'BytesSkipped in Bytes': bytesSkipped,
      'LayerRestarts in Count': first.receipt?.restarts,
    },
  ]);
  expect(first.receipt?.restarts).toBeGreaterThan(0);
  expect(metricsOf(again)).toMatchObject([{ 'BytesSent in Bytes': 0, 'LayerRestarts in Count': 0 }]);
  expect(again.receipt?.bytesSkipped).toBeGreaterThan(0);
});

test('a push that fails is counted by the code of its diagnosis', async () => {
  const push = await slipway.drop('team-a/uncounted/1.tar', Buffer.from('<html>404</html>'));
  const service = slipway.cloud.stateMachineArn.split(':').at(-1);
  expect(metricsOf(push)).toEqual([
    { Namespace: 'Slipway', of: { service }, 'PushDuration in Milliseconds': expect.any(Number) },
    { Namespace: 'Slipway', of: { service, code: 'NotAnArchive' }, 'PushFailures in Count': 1 },
  ]);
});

test('a push of which some images arrived tells which', async () => {
  const { tarball } = dockerArchive({
    images: [
      { tags: ['web:1'], seed: 60 },
      { tags: ['UPPER/case:1'], seed: 61 },
    ],
  });
  const push = await slipway.drop('team-a/some.tar', tarball.toBuffer());
  const { type, result, images, diagnosis } = noticeOf(push);
  expect({ type, result, code: diagnosis?.code }).toEqual({
    type: 'Image Push Failed',
    result: 'PARTIAL',
    code: 'PartialPush',
  });
  expect(images.map(({ repository }) => repository)).toEqual(['team-a/web']);
});

test('the notice goes to the topic of the longest prefix alone', async () => {
  const push = await slipway.drop('team-ab/app/1.tar', ociLayout({ seed: 2 }).tarball.toBuffer());
  expect(messagesOf(push).map(({ topic }) => topic)).toEqual([expect.stringContaining('Drop1Topic')]);
  const other = await slipway.drop('team-c/app/1.tar', ociLayout({ seed: 3 }).tarball.toBuffer());
  expect(messagesOf(other)).toEqual([]);
});

test('a push that is stopped tells who stopped it, and leaves failure.json', async () => {
  const push = await startHanging('team-a/stopped/1.tar');
  const stop = { ...push, error: 'NotNow', cause: 'the registry is being moved' };
  await slipway.sfn.send(new StopExecutionCommand(stop));
  await slipway.cloud.idle();
  const { type, result, diagnosis } = noticeOf(push);
  expect({ type, result }).toEqual({ type: 'Image Push Failed', result: 'ABORTED' });
  expect(diagnosis).toMatchObject({
    code: 'Aborted',
    subject: expect.stringContaining('team-a/stopped/1.tar'),
    cause: expect.stringContaining('NotNow: the registry is being moved'),
  });
  expect(await slipway.document({ ...push, status: 'ABORTED', states: [] }, 'failure')).toEqual(diagnosis);
});

test('a push that takes too long tells that it timed out', async () => {
  const push = await startHanging('team-a/slow/1.tar');
  endTime();
  await slipway.cloud.idle();
  const described = await slipway.sfn.send(new DescribeExecutionCommand(push));
  expect(described.status).toBe('TIMED_OUT');
  const { result, diagnosis } = noticeOf(push);
  expect({ result, code: diagnosis?.code }).toEqual({ result: 'TIMED_OUT', code: 'TimedOut' });
});

test.each([
  ['the bus refuses the notice', { service: 'events', operation: 'PutEvents', fault: { kind: 'server-error' } }],
  ['SendNotice dies', { service: 'lambda', operation: 'SendNotice', fault: { kind: 'kill-before' } }],
] as const)('where %s at first, it is told once all the same', async (what, fault) => {
  slipway.cloud.faults.add({ ...fault, times: 1 });
  const key = `team-a/${what.replaceAll(' ', '-').toLowerCase()}/1.tar`;
  const push = await slipway.drop(key, ociLayout({ seed: 4 }).tarball.toBuffer());
  expect(noticeOf(push).result).toBe('SUCCEEDED');
  expect(slipway.cloud.faults.list()[0]?.seen).toBeGreaterThan(0);
});

test('an end that is delivered twice is told once', async () => {
  const push = await slipway.drop('team-a/twice/1.tar', ociLayout({ seed: 5 }).tarball.toBuffer());
  const { detail } = { detail: await slipway.sfn.send(new DescribeExecutionCommand(push)) };
  const ended = {
    ...detail,
    startDate: detail.startDate?.getTime(),
    stopDate: detail.stopDate?.getTime(),
    redriveCount: 0,
  };
  const name = slipway.cloud.measure().find(({ step }) => step === 'SendNotice')?.name;
  const url = `${slipway.cloud.endpoint}/2015-03-31/functions/${name}/invocations`;
  const reply = await fetch(url, { method: 'POST', body: JSON.stringify({ detail: ended }) });
  expect(await reply.json()).toMatchObject({ outcome: 'known' });
  expect(messagesOf(push)).toHaveLength(1);
  expect(metricsOf(push)).toHaveLength(1);
});

test('a notice that the role of SendNotice may not send is given up, and lies in the dead-letter queue', async () => {
  slipway.cloud.iam.revoke('SendNotice', 'events:PutEvents');
  const push = await slipway.drop('team-a/denied/1.tar', ociLayout({ seed: 6 }).tarball.toBuffer());
  slipway.cloud.iam.reset();
  expect(messagesOf(push)).toEqual([]);
  const ends = slipway.deadLetters() as unknown as { event: { detail: unknown }; failure: string }[];
  expect(ends).toEqual([
    expect.objectContaining({
      event: expect.objectContaining({ detail: expect.objectContaining({ executionArn: push.executionArn }) }),
      failure: expect.stringContaining('PermissionDenied'),
    }),
  ]);
});
