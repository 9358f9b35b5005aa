import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PushMetrics } from './push-metrics';

export interface AlarmsProps {
  readonly metrics: PushMetrics;
  /** Where the runbook is read. */
  readonly runbook: string;
  /** Is told of each alarm. */
  readonly topic?: ITopic | undefined;
}

/** What somebody should look at; each description names its section of the runbook. */
export class Alarms extends Construct {
  /** A push failed. */
  readonly pushFailed: Alarm;
  /** A push took longer than it may. */
  readonly pushTimedOut: Alarm;
  /** A drop started no push. */
  readonly lostDrops: Alarm;
  /** Nobody was told of an end. */
  readonly lostNotices: Alarm;
  /** Layers are restarted all the time. */
  readonly restarts: Alarm;

  /** All of them. */
  get all(): readonly Alarm[] {
    return [this.pushFailed, this.pushTimedOut, this.lostDrops, this.lostNotices, this.restarts];
  }

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { metrics } = props;
    this.pushFailed = alarm(this, 'PushFailed', props, {
      says: 'A push failed, and not all of its images are in the registry.',
      section: 'alarm-push-failed',
      metric: metrics.metricPushFailed(),
    });
    this.pushTimedOut = alarm(this, 'PushTimedOut', props, {
      says: 'A push had not ended when its time was over.',
      section: 'alarm-push-timed-out',
      metric: metrics.metricPushTimedOut(),
    });
    this.lostDrops = alarm(this, 'LostDrops', props, {
      says: 'A tarball was dropped, and no push started.',
      section: 'alarm-lost-drops',
      metric: metrics.metricLostDrops(),
    });
    this.lostNotices = alarm(this, 'LostNotices', props, {
      says: 'Nobody was told how a push ended.',
      section: 'alarm-lost-notices',
      metric: metrics.metricLostNotices(),
    });
    this.restarts = alarm(this, 'Restarts', props, {
      says: 'The pushes of an hour began at least one upload again on average: something takes them away.',
      section: 'alarm-restarts',
      // One value a push: their average is the rate.
      metric: metrics.metricRestarts({ statistic: Stats.AVERAGE, period: Duration.hours(1) }),
    });
  }
}

interface Reason {
  readonly says: string;
  /** Of docs/runbook.md. */
  readonly section: string;
  readonly metric: IMetric;
}

function alarm(
  scope: Construct,
  id: string,
  { runbook, topic }: AlarmsProps,
  { says, section, metric }: Reason,
): Alarm {
  const created = new Alarm(scope, id, {
    metric,
    alarmDescription: `Slipway: ${says} ${runbook}#${section}`,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (topic) created.addAlarmAction(new SnsAction(topic));
  return created;
}
