/** Environment variables of the handlers; each function is given those it needs. */
export type EnvironmentName =
  /** Bucket for plans, staged layers and receipts. */
  | 'SLIPWAY_WORK_BUCKET'
  /** Bucket that tarballs are dropped into. */
  | 'SLIPWAY_DROP_BUCKET'
  /** Account that must own every bucket read or written. */
  | 'SLIPWAY_ACCOUNT_ID'
  /** JSON array of drops: who may push where, and what is created. */
  | 'SLIPWAY_DROPS'
  /** Workers that send layers of one push at once. */
  | 'SLIPWAY_LAYER_CONCURRENCY'
  /** Bytes of the largest layer that shares an invocation with others. */
  | 'SLIPWAY_LARGEST_PACKED_LAYER'
  /** Parts of one layer on their way to ECR at once. */
  | 'SLIPWAY_PARTS_IN_FLIGHT'
  /** JSON array of the accounts, beside the own one, whose registries may be pushed to. */
  | 'SLIPWAY_REGISTRIES'
  /** Origins that the page may upload to: those of the drop bucket, with a space between. */
  | 'SLIPWAY_UPLOAD_ORIGINS'
  /** The state machine that pushes. */
  | 'SLIPWAY_STATE_MACHINE_ARN';
