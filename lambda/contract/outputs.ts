/** Stack outputs by which the command line finds a deployed Slipway. */
export const OUTPUTS = {
  dropBucket: 'DropBucketName',
  workBucket: 'WorkBucketName',
  stateMachineArn: 'StateMachineArn',
  /** JSON of who may push where and what is created for it, and of accounts beside the own one: for `slipway plan`. */
  drops: 'Drops',
  registries: 'Registries',
  apiUrl: 'ApiUrl',
  /** Of the page, where there is one. */
  pageUrl: 'PageUrl',
} as const;
