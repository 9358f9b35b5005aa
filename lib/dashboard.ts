import { Aws, Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from '../lambda/contract/metrics';
import type { Alarms } from './alarms';
import type { PushMetrics } from './push-metrics';

export interface DashboardProps {
  readonly metrics: PushMetrics;
  readonly alarms?: Alarms | undefined;
  /** Where the runbook is read. */
  readonly runbook: string;
}

const HALF = 12;

/** How pushes end, how long they take, what they move, and what is in their way. */
export class Dashboard extends Construct {
  readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string, { metrics, alarms, runbook }: DashboardProps) {
    super(scope, id);
    this.dashboard = new CloudWatchDashboard(this, 'Resource', { defaultInterval: Duration.days(7) });
    this.dashboard.addWidgets(heading(metrics, runbook));
    if (alarms) this.dashboard.addWidgets(statusOf(alarms));
    this.dashboard.addWidgets(ends(metrics), durations(metrics));
    this.dashboard.addWidgets(bytes(metrics), failures(metrics));
    this.dashboard.addWidgets(restarts(metrics), deadLetters(metrics));
  }
}

function heading({ stateMachine }: PushMetrics, runbook: string): TextWidget {
  const { stateMachineArn, stateMachineName } = stateMachine;
  const url = `https://${Aws.REGION}.console.aws.amazon.com/states/home?region=${Aws.REGION}#/statemachines/view/${stateMachineArn}`;
  const markdown = `# Slipway\n[Pushes of ${stateMachineName}](${url}), one execution each. What each code means and what to do: ${runbook}`;
  return new TextWidget({ width: 2 * HALF, height: 2, markdown });
}

function statusOf({ all }: Alarms): AlarmStatusWidget {
  return new AlarmStatusWidget({ title: 'Alarms', width: 2 * HALF, alarms: [...all] });
}

function ends(metrics: PushMetrics): GraphWidget {
  return new GraphWidget({
    title: 'Pushes, by their end',
    width: HALF,
    stacked: true,
    left: [
      metrics.metricPushSucceeded({ label: 'succeeded' }),
      metrics.metricPushFailed({ label: 'failed' }),
      metrics.metricPushTimedOut({ label: 'timed out' }),
      metrics.metricPushStopped({ label: 'stopped' }),
    ],
  });
}

function durations(metrics: PushMetrics): GraphWidget {
  const statistics = { median: Stats.percentile(50), 'nine of ten': Stats.percentile(90), longest: Stats.MAXIMUM };
  const left = Object.entries(statistics).map(([label, statistic]) => metrics.metricPushDuration({ label, statistic }));
  return new GraphWidget({ title: 'Time of a push', width: HALF, left });
}

function bytes(metrics: PushMetrics): GraphWidget {
  return new GraphWidget({
    title: 'Bytes of layers',
    width: HALF,
    stacked: true,
    left: [metrics.metricBytesSent({ label: 'sent' }), metrics.metricBytesSkipped({ label: 'skipped: ECR had them' })],
  });
}

function failures({ stateMachine }: PushMetrics): GraphWidget {
  const { workflow, code } = METRIC_DIMENSIONS;
  const schema = `{${METRIC_NAMESPACE},${workflow},${code}}`;
  const search = `${schema} MetricName="${METRICS.failures}" ${workflow}="${stateMachine.stateMachineName}"`;
  // Whatever codes there are: each is a line of its own.
  const expression = `SEARCH('${search}', 'Sum', 300)`;
  const left = [new MathExpression({ expression, usingMetrics: {}, label: '' })];
  return new GraphWidget({ title: 'Failures, by their code', width: HALF, stacked: true, left });
}

function restarts(metrics: PushMetrics): GraphWidget {
  return new GraphWidget({
    title: 'Uploads of layers that were begun again',
    width: HALF,
    left: [metrics.metricRestarts({ label: 'restarts' })],
  });
}

function deadLetters(metrics: PushMetrics): GraphWidget {
  const drops = metrics.metricLostDrops({ label: 'drops that started no push' });
  const ends = metrics.metricLostNotices({ label: 'ends that nobody was told of' });
  return new GraphWidget({ title: 'Dead letters', width: HALF, left: [drops, ends] });
}
