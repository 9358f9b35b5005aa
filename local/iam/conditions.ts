import { fitsPattern } from './pattern';
import type { Condition } from './statement';

/** Condition keys of one request, by name. */
export interface RequestContext {
  readonly 'aws:PrincipalAccount': string;
  readonly 'aws:RequestedRegion': string;
  readonly 'aws:SecureTransport': string;
  /** The service that uses a key for the caller; only of calls on KMS. */
  readonly 'kms:ViaService'?: string;
  /** Of one entry of PutEvents. */
  readonly 'events:source'?: string;
  readonly 'events:detail-type'?: string;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
const OPERATORS: Readonly<Record<string, (value: string, found: string) => boolean>> = {
  StringEquals: (value, found) => value === found,
  StringLike: fitsPattern,
  ArnEquals: fitsPattern,
  ArnLike: fitsPattern,
  Bool: (value, found) => value.toLowerCase() === found,
};

const KEYS: ReadonlySet<string> = new Set([
  'aws:PrincipalAccount',
  'aws:RequestedRegion',
  'aws:SecureTransport',
  'kms:ViaService',
  'events:source',
  'events:detail-type',
] satisfies (keyof RequestContext)[]);

/** Throws for an operator or a key that nobody has written down here. */
export function assertKnown({ operator, key }: Condition): void {
  if (OPERATORS[operator] !== undefined && KEYS.has(key)) return;
  throw new Error(`the local AWS cannot judge the condition ${operator} on ${key}`);
}

/** Whether a request fulfils a condition; a key that it does not have fulfils none. */
export function holds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const test = OPERATORS[operator];
  const found = context[key as keyof RequestContext];
  return test !== undefined && found !== undefined && values.some((value) => test(String(value), found));
}
