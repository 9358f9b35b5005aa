import { REQUEST_ERRORS, TARBALL_ERRORS, TRANSIENT_ERRORS, UPLOAD_ERRORS } from '../contract/errors';
import { type Evidence, splitMessage } from '../contract/finding';
import { type DiagnoseFailureInput, Diagnosis } from '../contract/steps';
import { causeOf } from './causes';
import { denialIn } from './denial';
import { nearNames } from './near-names';
import { platformFailure } from './platform-errors';

const OWN_NAMES: ReadonlySet<string> = new Set([
  ...TARBALL_ERRORS,
  ...REQUEST_ERRORS,
  ...TRANSIENT_ERRORS,
  ...UPLOAD_ERRORS,
  'Internal',
]);

const UNKNOWN = { code: 'Internal', remedy: 'Report this with the execution and the log of the step.' };

/** What a step finds out for a diagnosis, beside what the error tells. */
export interface Gathered {
  /** Names of the repositories that there are, where the one asked for is not. */
  readonly repositories?: readonly string[];
}

/** Whether a failure is one image's own affair. */
export function isImagesOwn({ code }: Diagnosis): boolean {
  return causeOf(code).imagesOwn === true;
}

/** Names the cause of a failed push and what to do about it; a failure that has a diagnosis keeps it. */
export function diagnose(failure: DiagnoseFailureInput, gathered: Gathered = {}): Diagnosis {
  const earlier = Diagnosis.safeParse(parsed(failure.error.Cause));
  return earlier.success ? earlier.data : diagnosed(failure, gathered);
}

function diagnosed(failure: DiagnoseFailureInput, gathered: Gathered): Diagnosis {
  const { step, executionArn } = failure;
  const finding = findingOf(failure);
  const where = placeOf(executionArn);
  const code = codeIn(finding, where);
  const cause = causeOf(code);
  const known = { ...finding.evidence, ...nearIn(finding.evidence, gathered) };
  // What the facts are looked at with is no evidence itself, unless it stands against a fact.
  const context = { ...where, words: finding.found, ...known };
  const facts = {
    ...known,
    ...(code === 'WrongRegistry' ? { account: where.account } : {}),
    ...cause.evidence?.(context),
  };
  const source = sourceOf(failure.request);
  const subject = cause.subject?.({ ...context, ...facts });
  return {
    code,
    step,
    subject: subject ?? source,
    cause: finding.found,
    evidence: told({ error: finding.errorType, ...(subject === undefined ? {} : { source }), ...facts }),
    remedy: cause.remedy?.({ ...context, ...facts }) ?? finding.remedy,
    retryable: cause.retryable === true,
    executionArn,
  };
}

interface FoundFailure {
  readonly errorType: string;
  readonly code: string;
  readonly found: string;
  readonly remedy: string;
  readonly evidence: Evidence;
}

function findingOf(failure: DiagnoseFailureInput): FoundFailure {
  const { errorType, errorMessage } = thrown(failure.error);
  const { found, remedy = UNKNOWN.remedy, evidence } = splitMessage(errorMessage);
  if (OWN_NAMES.has(errorType)) return { errorType, code: errorType, found, remedy, evidence };
  return { errorType, ...(platformFailure(errorType, found) ?? UNKNOWN), found, evidence: denialIn(found) ?? {} };
}

/** ECR has one name for both: what is not there in another account's registry may be there in the own one. */
function codeIn({ code, evidence }: FoundFailure, { account }: Place): string {
  const { registry = account } = evidence;
  return code === 'RepositoryNotFound' && registry !== account ? 'WrongRegistry' : code;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Where the push runs, which is where its roles are. */
function placeOf(executionArn: string): Place {
  const [, , , region = '', account = ''] = executionArn.split(':');
  return { region, account };
}

function nearIn({ repository }: Evidence, { repositories = [] }: Gathered): Evidence {
  const near = repository === undefined ? [] : nearNames(repository, repositories);
  return near.length === 0 ? {} : { near: near.join(', ') };
}

function told(evidence: Evidence): Record<string, string> {
  return Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== ''));
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

function sourceOf(request: unknown): string {
  const source = (request as { source?: { bucket?: unknown; key?: unknown } } | undefined)?.source;
  return source ? `s3://${String(source.bucket)}/${String(source.key)}` : 'a request without source';
}
