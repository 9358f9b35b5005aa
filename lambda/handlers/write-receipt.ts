import { readDocument, writeDocument } from '../aws/work-bucket';
import { PushPlan } from '../contract/push-plan';
import { WriteReceiptInput, type WriteReceiptOutput } from '../contract/steps';
import { UploadPlan } from '../contract/upload-plan';
import { writeReceipt } from '../upload/receipt';
import { step } from './wiring/step';

/** Leaves a document of what was pushed, from where, and which bytes moved: receipt.json. */
export const handler = step(WriteReceiptInput, async (input, { workBucket, owner }) => {
  const plan = await readDocument(input.plan, owner, PushPlan);
  const uploads = await readDocument(input.uploads, owner, UploadPlan);
  const receipt = { bucket: workBucket, key: `pushes/${input.execution}/receipt.json` };
  const { document, totals } = writeReceipt(plan, uploads, input.layers, owner);
  await writeDocument(receipt, owner, document);
  return { result: 'SUCCEEDED', receipt, images: document.images.map(summary), ...totals } satisfies WriteReceiptOutput;
});

function summary(image: { repository: string; tags: string[]; digest: string; registryId: string }) {
  const { repository, tags, digest, registryId } = image;
  return { repository, tags, digest, registryId };
}
