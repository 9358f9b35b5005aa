import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from '../lambda/contract/metrics';
import type { Notices } from './notices';
import type { StartOnDrop } from './start-on-drop';

/** A construct whose pushes are counted: by Step Functions how they ended, by SendNotice what they moved. */
export abstract class PushMetrics extends Construct {
  abstract readonly stateMachine: StateMachine;
  abstract readonly startOnDrop: StartOnDrop;
  abstract readonly notices: Notices;

  /** Pushes that put all their images into the registry. @default - sum over 5 minutes */
  metricPushSucceeded(options?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(options);
  }

  /** Pushes that failed, wholly or in part. @default - sum over 5 minutes */
  metricPushFailed(options?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(options);
  }

  /** Pushes that took longer than `pushTimeout`. @default - sum over 5 minutes */
  metricPushTimedOut(options?: MetricOptions): Metric {
    return this.stateMachine.metricTimedOut(options);
  }

  /** Pushes that somebody stopped. @default - sum over 5 minutes */
  metricPushStopped(options?: MetricOptions): Metric {
    return this.stateMachine.metricAborted(options);
  }

  /** Failed pushes whose diagnosis has this code, one of docs/runbook.md. @default - sum over 5 minutes */
  metricPushFailures(code: string, options?: MetricOptions): Metric {
    return this.metric(METRICS.failures, { statistic: Stats.SUM, ...options }, { [METRIC_DIMENSIONS.code]: code });
  }

  /** Milliseconds from the start to the end of a push. @default - average over 5 minutes */
  metricPushDuration(options?: MetricOptions): Metric {
    return this.metric(METRICS.duration, { statistic: Stats.AVERAGE, ...options });
  }

  /** Bytes that went to ECR, those of restarts included. @default - sum over 5 minutes */
  metricBytesSent(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesSent, { statistic: Stats.SUM, ...options });
  }

  /** Bytes of layers that ECR had before. @default - sum over 5 minutes */
  metricBytesSkipped(options?: MetricOptions): Metric {
    return this.metric(METRICS.bytesSkipped, { statistic: Stats.SUM, ...options });
  }

  /** Times that the upload of a layer was begun again. @default - sum over 5 minutes */
  metricRestarts(options?: MetricOptions): Metric {
    return this.metric(METRICS.restarts, { statistic: Stats.SUM, ...options });
  }

  /** Drops that started no push and wait in their dead-letter queue. @default - maximum over 5 minutes */
  metricLostDrops(options?: MetricOptions): Metric {
    return this.startOnDrop.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  /** Ends of pushes that nobody was told of, in their dead-letter queue. @default - maximum over 5 minutes */
  metricLostNotices(options?: MetricOptions): Metric {
    return this.notices.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  private metric(metricName: string, options: MetricOptions, dimensions: Record<string, string> = {}): Metric {
    const own = { [METRIC_DIMENSIONS.workflow]: this.stateMachine.stateMachineName, ...dimensions };
    return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: own, ...options }).attachTo(this);
  }
}
