import { writeDocument } from '../aws/work-bucket';
import { DiagnoseFailureInput } from '../contract/steps';
import { diagnose } from '../upload/diagnosis';
import { gatherEvidence } from './wiring/gather-evidence';
import { step } from './wiring/step';

/** Names the cause of a failure and the remedy, and leaves both in failure.json. */
export const handler = step(DiagnoseFailureInput, async (failure, { workBucket, owner }) => {
  const diagnosis = diagnose(failure, await gatherEvidence(failure));
  await writeDocument({ bucket: workBucket, key: `pushes/${failure.execution}/failure.json` }, owner, diagnosis);
  return diagnosis;
});
