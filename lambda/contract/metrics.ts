/** Namespace of the metrics in CloudWatch. */
export const METRIC_NAMESPACE = 'Slipway';

/** What each push that ended is counted by, and by `PushFailures` its diagnosis. */
export const METRICS = {
  /** Bytes that went to ECR, those of restarts included. */
  bytesSent: 'BytesSent',
  /** Bytes of layers that ECR had before. */
  bytesSkipped: 'BytesSkipped',
  /** Times that the upload of a layer was begun again. */
  restarts: 'LayerRestarts',
  /** Milliseconds from the start to the end of a push. */
  duration: 'PushDuration',
  /** Pushes of which not all images are there, by the code of the diagnosis. */
  failures: 'PushFailures',
} as const;

/** Names of their dimensions: the name of the state machine, and the code of a diagnosis. */
export const METRIC_DIMENSIONS = { workflow: 'service', code: 'code' } as const;
