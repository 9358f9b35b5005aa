/** What the model takes AWS to be: rates in bytes a second, times in milliseconds. */
export interface Network {
  /** Of one function, in each direction: 600 Mbit/s, which Lambda functions of any memory were seen to have. */
  readonly card: number;
  /** Of one connection to S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html */
  readonly fromS3: number;
  /** Of one connection to ECR: not documented, so taken to be as S3's, or to be the bottleneck (`SLOW_CONNECTION`). */
  readonly toEcr: number;
  /** Until the first byte of an answer of S3. */
  readonly firstByte: number;
  /** Of a small call to ECR. */
  readonly call: number;
  /** From the last byte of a part to its acknowledgement. */
  readonly commit: number;
  /** From the last byte of a layer to the answer of CompleteLayerUpload. */
  readonly complete: number;
  /** From one state to the running function of the next. */
  readonly invocation: number;
}

/** Bytes a second of one connection, where that is the bottleneck. */
export const SLOW_CONNECTION = 50e6;

/** The model at one commit latency. */
export function network(commit: number, toEcr = 85e6): Network {
  return {
    card: 75e6,
    fromS3: 85e6,
    toEcr,
    firstByte: 25,
    call: 30,
    commit,
    complete: 400,
    invocation: 80,
  };
}

/** A part is JSON with base64 in it: four bytes for three. */
export const ON_THE_WIRE = 4 / 3;
