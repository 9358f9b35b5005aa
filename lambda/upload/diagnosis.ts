import { REQUEST_ERRORS, splitMessage, TARBALL_ERRORS, TRANSIENT_ERRORS, UPLOAD_ERRORS } from '../contract/errors';
import { type DiagnoseFailureInput, Diagnosis } from '../contract/steps';
import { deniedStatement } from './denied-statement';

const OWN_NAMES: ReadonlySet<string> = new Set([
  ...TARBALL_ERRORS,
  ...REQUEST_ERRORS,
  ...TRANSIENT_ERRORS,
  ...UPLOAD_ERRORS,
  'Internal',
]);

const RETRYABLE: ReadonlySet<string> = new Set([...TRANSIENT_ERRORS, 'UploadExpired', 'LayersNotFound', 'TimedOut']);

/** Names that Lambda and Step Functions give, and ours for them. */
const PLATFORM_NAMES: Readonly<Record<string, { code: string; remedy: string }>> = {
  'Sandbox.Timedout': { code: 'TimedOut', remedy: 'Drop the tarball again: what ECR has is not sent again.' },
  'States.Timeout': { code: 'TimedOut', remedy: 'Drop the tarball again: what ECR has is not sent again.' },
  'Runtime.ExitError': {
    code: 'OutOfMemory',
    remedy: 'Give the function of this step more memory, and report the tarball that needed it.',
  },
  'Runtime.OutOfMemory': {
    code: 'OutOfMemory',
    remedy: 'Give the function of this step more memory, and report the tarball that needed it.',
  },
};

const UNKNOWN = { code: 'Internal', remedy: 'Report this with the execution and the log of the step.' };

/** Failures that say nothing about the other images of the same tarball, which go on. */
const IMAGES_OWN: ReadonlySet<string> = new Set([
  ...TARBALL_ERRORS,
  ...UPLOAD_ERRORS,
  'RepositoryNotFound',
  'ImmutableTag',
  'TagInvalid',
  'QuotaExceeded',
]);

/** Whether a failure is one image's own affair. */
export function isImagesOwn({ code }: Diagnosis): boolean {
  return IMAGES_OWN.has(code);
}

/** Names the cause of a failed push and what to do about it; a failure that has a diagnosis keeps it. */
export function diagnose(failure: DiagnoseFailureInput): Diagnosis {
  const earlier = Diagnosis.safeParse(parsed(failure.error.Cause));
  return earlier.success ? earlier.data : diagnosed(failure);
}

function diagnosed(failure: DiagnoseFailureInput): Diagnosis {
  const { errorType, errorMessage } = thrown(failure.error);
  const { found, remedy } = splitMessage(errorMessage);
  const known = OWN_NAMES.has(errorType)
    ? { code: errorType, remedy: remedy ?? UNKNOWN.remedy }
    : (PLATFORM_NAMES[errorType] ?? UNKNOWN);
  const statement = known.code === 'PermissionDenied' ? deniedStatement(found) : undefined;
  return {
    code: known.code,
    step: failure.step,
    subject: subjectOf(failure.request),
    cause: found,
    evidence: { error: errorType, ...(statement === undefined ? {} : { statement }) },
    remedy: known.remedy,
    retryable: RETRYABLE.has(known.code),
    executionArn: failure.executionArn,
  };
}

function thrown({ Error: name, Cause }: DiagnoseFailureInput['error']): { errorType: string; errorMessage: string } {
  const { errorMessage } = (parsed(Cause) ?? {}) as { errorMessage?: unknown };
  if (typeof errorMessage === 'string') return { errorType: name, errorMessage };
  return { errorType: name, errorMessage: Cause === '' ? name : Cause };
}

function parsed(cause: string): unknown {
  try {
    return JSON.parse(cause);
  } catch {
    // Errors of Step Functions itself have a cause in plain text.
    return undefined;
  }
}

function subjectOf(request: unknown): string {
  const source = (request as { source?: { bucket?: unknown; key?: unknown } } | undefined)?.source;
  return source ? `s3://${String(source.bucket)}/${String(source.key)}` : 'a request without source';
}
