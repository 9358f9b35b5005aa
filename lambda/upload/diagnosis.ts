import { REQUEST_ERRORS, splitMessage, TARBALL_ERRORS, TRANSIENT_ERRORS, UPLOAD_ERRORS } from '../contract/errors';
import type { DiagnoseFailureInput, Diagnosis } from '../contract/steps';
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

/** Names the cause of a failed push and what to do about it. */
export function diagnose(failure: DiagnoseFailureInput): Diagnosis {
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
  try {
    const { errorMessage } = JSON.parse(Cause) as { errorMessage?: unknown };
    if (typeof errorMessage === 'string') return { errorType: name, errorMessage };
  } catch {
    // Errors of Step Functions itself have a cause in plain text.
  }
  return { errorType: name, errorMessage: Cause === '' ? name : Cause };
}

function subjectOf(request: unknown): string {
  const source = (request as { source?: { bucket?: unknown; key?: unknown } } | undefined)?.source;
  return source ? `s3://${String(source.bucket)}/${String(source.key)}` : 'a request without source';
}
