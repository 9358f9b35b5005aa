export type { Fault, FaultCall, FaultHook } from './faults';
export { createS3, type ObjectCreated, type S3, type S3Options } from './s3';
