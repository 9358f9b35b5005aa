import { writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS } from '../contract/document-keys';
import { DiagnoseFailureInput } from '../contract/steps';
import { diagnose } from '../upload/diagnosis';
import { gatherEvidence } from './wiring/gather-evidence';
import { step } from './wiring/step';

/** Names the cause of a failure and the remedy, and leaves both in failure.json. */
export const handler = step(DiagnoseFailureInput, async (failure, { workBucket, owner }) => {
  const diagnosis = diagnose(failure, await gatherEvidence(failure));
  await writeDocument({ bucket: workBucket, key: DOCUMENT_KEYS.failure(failure.execution) }, owner, diagnosis);
  return diagnosis;
});
