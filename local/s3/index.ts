export type { Fault, FaultCall } from './faults';
export { createS3, type ObjectCreated, type S3, type S3Options } from './s3';
