import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Slipway, type SlipwayProps } from '../../lib';
import { quickApp } from '../support/apps';

const DROPS = [{ prefix: 'team-a', repositories: ['team-a/*'] }];

function deployed(props: (stack: Stack) => Partial<SlipwayProps>) {
  const stack = new Stack(quickApp(), 'Stack');
  const slipway = new Slipway(stack, 'Slipway', { drops: DROPS, ...props(stack) });
  return { stack, slipway, template: Template.fromStack(stack) };
}

const { stack, slipway, template } = deployed((scope) => ({ alarmTopic: new Topic(scope, 'OnCall') }));
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const machine = stack.resolve(slipway.stateMachine.stateMachineName);

test.each([
  ['pushes that failed', 'ExecutionsFailed'],
  ['pushes that timed out', 'ExecutionsTimedOut'],
])('one of %s is an alarm', (_, MetricName) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/States',
    MetricName,
    Statistic: 'Sum',
    Period: 300,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test.each(['StartOnDrop', 'Notices'])('a message in the dead-letter queue of %s is an alarm', (owner) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(owner), 'QueueName'] } }],
    Threshold: 1,
  });
});

test('as many restarts as pushes within an hour are an alarm', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Slipway',
    MetricName: 'LayerRestarts',
    Statistic: 'Average',
    Period: 3600,
    Threshold: 1,
    TreatMissingData: 'notBreaching',
  });
});

test('each alarm tells the topic, and names its section of the runbook', () => {
  const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
  const slugs = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(alarms).toHaveLength(5);
  const sections = alarms.map(
    ({ AlarmDescription }) => /^Slipway: .+\. docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.[1],
  );
  expect(new Set(sections).size).toBe(5);
  expect(slugs).toEqual(expect.arrayContaining(sections));
  for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^OnCall/) }]);
});

test('the dashboard shows what the alarms are about, and failures by their code', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const { widgets } = JSON.parse(written(dashboard?.Properties.DashboardBody)) as { widgets: { type: string }[] };
  expect(widgets.map(({ type }) => type)).toEqual(['text', 'alarm', ...Array(6).fill('metric')]);
  for (const name of ['ExecutionsSucceeded', 'PushDuration', 'BytesSent', 'BytesSkipped', 'LayerRestarts']) {
    expect(JSON.stringify(widgets)).toContain(`"${name}"`);
  }
  expect(JSON.stringify(widgets)).toContain('{Slipway,service,code} MetricName=');
});

test.each([
  ['metricPushSucceeded', slipway.metricPushSucceeded(), 'AWS/States', 'ExecutionsSucceeded'],
  ['metricPushFailed', slipway.metricPushFailed(), 'AWS/States', 'ExecutionsFailed'],
  ['metricPushStopped', slipway.metricPushStopped(), 'AWS/States', 'ExecutionsAborted'],
  ['metricPushDuration', slipway.metricPushDuration(), 'Slipway', 'PushDuration'],
  ['metricBytesSent', slipway.metricBytesSent(), 'Slipway', 'BytesSent'],
  ['metricBytesSkipped', slipway.metricBytesSkipped(), 'Slipway', 'BytesSkipped'],
  ['metricRestarts', slipway.metricRestarts({ period: Duration.hours(1) }), 'Slipway', 'LayerRestarts'],
  ['metricPushFailures', slipway.metricPushFailures('ImmutableTag'), 'Slipway', 'PushFailures'],
])('%s is %s/%s of this workflow', (_, metric, namespace, metricName) => {
  expect(metric).toMatchObject({ namespace, metricName });
  const { dimensions } = metric;
  if (namespace === 'Slipway') expect(stack.resolve(dimensions?.service)).toEqual(machine);
  if (metricName === 'PushFailures') expect(dimensions?.code).toBe('ImmutableTag');
});

test('alarms and the dashboard can be left out, and the runbook read elsewhere', () => {
  const without = deployed(() => ({ alarms: false, dashboard: false })).template;
  without.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  without.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  const elsewhere = deployed(() => ({ runbookUrl: 'https://wiki.example.com/slipway' })).template;
  elsewhere.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('https://wiki.example.com/slipway#alarm-push-failed$'),
  });
});

/** A text with references in it, as one text. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const [, parts] = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
}
