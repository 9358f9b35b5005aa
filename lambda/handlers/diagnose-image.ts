import { readDocument, writeDocument } from '../aws/work-bucket';
import { Internal } from '../contract/errors';
import type { FailedImage } from '../contract/image-outcome';
import { PushPlan } from '../contract/push-plan';
import { DiagnoseImageInput } from '../contract/steps';
import { diagnose, isImagesOwn } from '../upload/diagnosis';
import { gatherEvidence } from './wiring/gather-evidence';
import { imageOutcomePointer } from './wiring/image-outcomes';
import { step } from './wiring/step';

/** Names the cause why one image failed, and tells whether the others may go on: image-<n>.json. */
export const handler = step(DiagnoseImageInput, async (failure, { workBucket, owner }) => {
  const { images } = await readDocument(failure.plan, owner, PushPlan);
  const image = images[failure.image];
  if (!image) throw new Internal({ found: `the plan has no image ${failure.image}`, remedy: 'Report this as a bug.' });
  const diagnosis = diagnose(failure, await gatherEvidence(failure));
  const { name, repository, tags } = image;
  const outcome: FailedImage = { outcome: 'failed', name, repository, tags, diagnosis };
  await writeDocument(imageOutcomePointer(failure, workBucket), owner, outcome);
  return { image: failure.image, imageAtFault: isImagesOwn(diagnosis), diagnosis };
});
