import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_DIMENSIONS, METRIC_NAMESPACE, METRICS } from '../../contract/metrics';
import type { Notice } from '../../contract/notice';

/**
 * Counts a push that ended: log lines that CloudWatch reads metrics from, no call on AWS.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countPush({ diagnosis, totals, ...notice }: Notice, stateMachineArn: string): void {
  const serviceName = stateMachineArn.split(':').at(-1) ?? '';
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName });
  const duration = Date.parse(notice.endedAt) - Date.parse(notice.startedAt);
  metrics.addMetric(METRICS.duration, MetricUnit.Milliseconds, duration);
  if (totals) {
    metrics.addMetric(METRICS.bytesSent, MetricUnit.Bytes, totals.bytesSent);
    metrics.addMetric(METRICS.bytesSkipped, MetricUnit.Bytes, totals.bytesSkipped);
    metrics.addMetric(METRICS.restarts, MetricUnit.Count, totals.restarts);
  }
  // Not dimensions, which would be paid for: they are there to be searched for in the log.
  metrics.addMetadata('execution', notice.execution);
  metrics.addMetadata('result', notice.result);
  if (notice.drop !== undefined) metrics.addMetadata('drop', notice.drop);
  metrics.publishStoredMetrics();
  if (!diagnosis) return;
  const failure = metrics.singleMetric();
  failure.addDimension(METRIC_DIMENSIONS.code, diagnosis.code);
  failure.addMetadata('execution', notice.execution);
  failure.addMetric(METRICS.failures, MetricUnit.Count, 1);
}
