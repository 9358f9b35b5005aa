/** Stack outputs by which the command line finds a deployed Slipway. */
export const OUTPUTS = {
  dropBucket: 'DropBucketName',
  workBucket: 'WorkBucketName',
  stateMachineArn: 'StateMachineArn',
} as const;
