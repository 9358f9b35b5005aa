/** Stack outputs by which the command line finds a deployed Slipway. */
export const OUTPUTS = {
  dropBucket: 'DropBucketName',
  workBucket: 'WorkBucketName',
  stateMachineArn: 'StateMachineArn',
  /** JSON of who may push where, of what may be created, and of accounts beside the own one: for `slipway plan`. */
  drops: 'Drops',
  createRepositories: 'CreateRepositories',
  registries: 'Registries',
  apiUrl: 'ApiUrl',
} as const;
