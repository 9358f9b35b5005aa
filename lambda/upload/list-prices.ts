import type { WorkflowCounts } from './workflow-counts';

/** What of a push AWS bills. */
export interface BilledCounts extends Pick<WorkflowCounts, 'transitions' | 'invocations'> {
  /** Of functions, on arm64. */
  readonly gbSeconds: number;
  /** GETs of S3. */
  readonly reads: number;
  /** PUTs of S3. */
  readonly writes: number;
}

/**
 * List prices in US dollars, us-east-1, November 2026: a state transition of a Standard workflow, a GB-second on arm64,
 * an invocation, a GET and a PUT of S3. https://aws.amazon.com/step-functions/pricing/
 * https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/s3/pricing/
 */
export const LIST_PRICES = {
  transition: 25e-6,
  gbSecond: 13.3334e-6,
  invocation: 0.2e-6,
  read: 0.4e-6,
  write: 5e-6,
} as const;

/** Dollars at list prices; inside one region the bytes themselves cost nothing. */
export function costOf({ transitions, invocations, gbSeconds, reads, writes }: BilledCounts): number {
  const { transition, gbSecond, invocation, read, write } = LIST_PRICES;
  return transitions * transition + gbSeconds * gbSecond + invocations * invocation + reads * read + writes * write;
}
