import type { Drop } from '../contract/drop';
import type { EndedExecution } from '../contract/execution-ended';
import type { PushedImage } from '../contract/image-outcome';
import type { Notice } from '../contract/notice';
import type { Receipt } from '../contract/receipt';
import type { Diagnosis, Pointer } from '../contract/steps';
import { dropPrefix } from '../image/drop-policy';
import { diagnose } from './diagnosis';

/** What is known of an execution that ended. */
export interface PushEnd {
  readonly ended: EndedExecution;
  readonly drops: readonly Drop[];
  /** Where the push came as far. */
  readonly receipt?: { readonly at: Pointer; readonly document: Receipt } | undefined;
  /** Unless all images are there. */
  readonly failure?: { readonly at: Pointer; readonly diagnosis: Diagnosis } | undefined;
}

/** The notice of a push that ended. */
export function noticeOf({ ended, drops, receipt, failure }: PushEnd): Notice {
  const source = sourceOf(requestOf(ended));
  const drop = source && dropPrefix(source.key, drops);
  const images = (receipt?.document.images ?? []).filter((image): image is PushedImage => image.outcome === 'pushed');
  return {
    version: '1',
    executionArn: ended.executionArn,
    execution: ended.name,
    redriveCount: ended.redriveCount,
    ...(drop === undefined ? {} : { drop }),
    ...(source && { source }),
    result: ended.status === 'FAILED' && images.length > 0 ? 'PARTIAL' : ended.status,
    startedAt: new Date(ended.startDate).toISOString(),
    endedAt: new Date(ended.stopDate).toISOString(),
    images: images.map(({ repository, tags, digest, registryId }) => ({ repository, tags, digest, registryId })),
    ...(receipt && { totals: receipt.document.totals, receipt: receipt.at }),
    ...(failure && { diagnosis: failure.diagnosis, failure: failure.at }),
  };
}

/** Diagnosis of an execution that did not succeed: the workflow's own or, where it ended without a word, made now. */
export function endDiagnosis(ended: EndedExecution): Diagnosis {
  const { executionArn, name, status, error, cause } = ended;
  const named = { FAILED: error ?? 'States.Runtime', TIMED_OUT: 'States.Timeout', ABORTED: 'Aborted', SUCCEEDED: '' };
  return diagnose({
    step: 'ImagePush',
    executionArn,
    execution: name,
    request: requestOf(ended),
    error: { Error: named[status], Cause: status === 'FAILED' ? (cause ?? '') : unsaid(ended) },
  });
}

function unsaid({ status, startDate, stopDate, error, cause }: EndedExecution): string {
  const seconds = Math.round((stopDate - startDate) / 1_000);
  if (status === 'TIMED_OUT') return `the execution had not ended after ${seconds} s, the longest it may run`;
  const words = [error, cause].filter(Boolean).join(': ');
  return `the execution was stopped after ${seconds} s${words === '' ? ', without a reason given' : `: ${words}`}`;
}

function requestOf({ input }: EndedExecution): unknown {
  try {
    return JSON.parse(input ?? 'null');
  } catch {
    // Step Functions takes no input that is not JSON.
    return undefined;
  }
}

function sourceOf(request: unknown): Notice['source'] {
  const { bucket, key, versionId } = (request as { source?: Record<string, unknown> } | null)?.source ?? {};
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  return { bucket, key, ...(typeof versionId === 'string' ? { versionId } : {}) };
}
