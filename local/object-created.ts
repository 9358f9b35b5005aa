import { randomUUID } from 'node:crypto';
import type { BusEvent } from './event-pattern';
import type { ObjectCreated } from './s3';
import type { Deployment, Place } from './template';

/**
 * S3's `Object Created` event, where the template asks for the bucket's events on the bus.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectCreatedEvent(
  created: ObjectCreated,
  deployment: Deployment,
  { accountId, region }: Place,
): BusEvent | undefined {
  const bucket = deployment.resources('AWS::S3::Bucket').find(({ name }) => name === created.bucket);
  if (!bucket || !asksForEvents(bucket.properties)) return undefined;
  const { key, size, etag, versionId, sequencer, reason, time } = created;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: accountId,
    time: new Date(time).toISOString(),
    region,
    resources: [bucket.arn],
    detail: {
      version: '0',
      bucket: { name: created.bucket },
      object: { key, size, etag, sequencer, ...(versionId === undefined ? {} : { 'version-id': versionId }) },
      'request-id': randomUUID(),
      requester: accountId,
      'source-ip-address': '127.0.0.1',
      reason,
    },
  };
}

function asksForEvents({ NotificationConfiguration }: Record<string, unknown>): boolean {
  const configuration = NotificationConfiguration as
    | { EventBridgeConfiguration?: { EventBridgeEnabled?: boolean } }
    | undefined;
  return configuration?.EventBridgeConfiguration?.EventBridgeEnabled === true;
}
