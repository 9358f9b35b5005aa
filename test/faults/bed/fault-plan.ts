/** One call of a function on a service: the `nth` of its operation in the run, counted from 1. */
export interface FaultPoint {
  readonly service: 's3' | 'ecr' | 'states' | 'events' | 'lambda';
  readonly operation: string;
  readonly nth: number;
  /** Whose call it is: the function that was invoked last before it. */
  readonly step?: string;
  /** Of S3: a range of the dropped tarball, or a document of ours. */
  readonly reads?: 'source' | 'document';
}

/** What befalls a call. */
export type FaultName =
  /** Every call: the connection breaks before, or after the work is done; no answer; the caller's machine is lost. */
  | 'reset'
  | 'reply-lost'
  | 'hang'
  | 'killed'
  /** Every call, more often than the SDK itself tries it again. */
  | 'throttled'
  | 'server-error'
  /** ECR's own. */
  | 'upload-forgotten'
  | 'part-lost'
  | 'part-taken-partly'
  | 'part-size-changed'
  | 'layers-collected'
  | 'repository-deleted'
  | 'repository-recreated'
  | 'tag-set-elsewhere'
  /** S3's own. */
  | 'short-read'
  | 'whole-object'
  | 'source-overwritten'
  | 'source-hidden'
  | 'source-deleted'
  /** Lambda's own. */
  | 'service-exception'
  | 'run-twice';

/**
 * What is pushed: an OCI layout of two platforms that share a layer, a gzip-compressed docker archive, or a plain one to
 * a repository that is there, so that its layers are sent while they are compressed.
 */
export type Scenario = 'layout' | 'archive' | 'early';

/** One run, complete: printed as JSON it can be run again. */
export interface FaultPlan {
  readonly scenario: Scenario;
  /** Layers on their way at once; with 1 the order of the calls is always the same. */
  readonly concurrency: number;
  readonly faults: readonly (FaultPoint & { readonly fault: FaultName })[];
}

/** How people read a point: `ecr:UploadLayerPart 3`. */
export function pointName({ service, operation, nth }: FaultPoint): string {
  return `${service}:${operation} ${nth}`;
}
