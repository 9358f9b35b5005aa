import * as z from 'zod';
import { doOnce } from '../aws/claim';
import { putNotice } from '../aws/notices';
import { readOptionalDocument, writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS } from '../contract/document-keys';
import { Drop } from '../contract/drop';
import { type EndedExecution, ExecutionEnded } from '../contract/execution-ended';
import type { Notice } from '../contract/notice';
import { Receipt } from '../contract/receipt';
import { Diagnosis, type Pointer } from '../contract/steps';
import { endDiagnosis, noticeOf } from '../upload/notice';
import { countPush } from './wiring/push-metrics';
import { step, variable } from './wiring/step';

// Twice what lib/notices.ts lets one invocation run.
const VOID_AFTER_MS = 60_000;

/** Tells the event bus once how an execution ended, counts it, and leaves failure.json where the workflow could not. */
export const handler = step(ExecutionEnded, async ({ detail: ended }, { workBucket, owner, context }) => {
  const at = (key: string) => ({ bucket: workBucket, key });
  const claim = {
    pointer: at(DOCUMENT_KEYS.notice(ended.name, ended.redriveCount)),
    owner,
    holder: context.awsRequestId,
    voidAfterMs: VOID_AFTER_MS,
  };
  let told: Notice | undefined;
  const outcome = await doOnce(claim, async () => {
    const drops = z.array(Drop).parse(JSON.parse(variable('SLIPWAY_DROPS')));
    const [receiptAt, failureAt] = [at(DOCUMENT_KEYS.receipt(ended.name)), at(DOCUMENT_KEYS.failure(ended.name))];
    const receipt = wentToItsEnd(ended) ? await readOptionalDocument(receiptAt, owner, Receipt) : undefined;
    const failure = ended.status === 'SUCCEEDED' ? undefined : await failureOf(ended, failureAt, owner);
    const notice = noticeOf({ ended, drops, receipt: receipt && { at: receiptAt, document: receipt }, failure });
    await putNotice(notice, ended.stateMachineArn);
    told = notice;
  });
  if (told) countPush(told, ended.stateMachineArn);
  return { execution: ended.name, status: ended.status, outcome };
});

/** The workflow's own diagnosis or, where it ended without a word, one made now, which is then left for others to read. */
async function failureOf(
  ended: EndedExecution,
  at: Pointer,
  owner: string,
): Promise<{ at: Pointer; diagnosis: Diagnosis }> {
  const said = ended.status === 'FAILED' ? await readOptionalDocument(at, owner, Diagnosis) : undefined;
  if (said) return { at, diagnosis: said };
  const diagnosis = endDiagnosis(ended);
  await writeDocument(at, owner, diagnosis);
  return { at, diagnosis };
}

/** Whether the receipt, if there is one, is of this end. */
function wentToItsEnd({ status }: EndedExecution): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}
