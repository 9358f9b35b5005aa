/** Stack outputs by which the command line finds a deployed Slipway. */
export const OUTPUTS = {
  dropBucket: 'DropBucketName',
  workBucket: 'WorkBucketName',
  stateMachineArn: 'StateMachineArn',
  /** JSON of who may push where, and of what may be created: for `slipway plan`. */
  drops: 'Drops',
  createRepositories: 'CreateRepositories',
  apiUrl: 'ApiUrl',
} as const;
