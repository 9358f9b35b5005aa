import { readDocument, writeDocument } from '../aws/work-bucket';
import { DOCUMENT_KEYS } from '../contract/document-keys';
import { ImageOutcome } from '../contract/image-outcome';
import { PushPlan } from '../contract/push-plan';
import { WriteReceiptInput, type WriteReceiptOutput } from '../contract/steps';
import { writeReceipt } from '../upload/receipt';
import { imageOutcomePointer } from './wiring/image-outcomes';
import { step } from './wiring/step';

/** Leaves a document of what was pushed, from where, which bytes moved, and what was not: receipt.json. */
export const handler = step(WriteReceiptInput, async (input, { workBucket, owner }) => {
  const { execution, executionArn, startedAt, plan } = input;
  const document = await readDocument(plan, owner, PushPlan);
  const pointers = document.images.map((_, image) => imageOutcomePointer({ execution, image }, workBucket));
  const images = await Promise.all(pointers.map((pointer) => readDocument(pointer, owner, ImageOutcome)));
  const receipt = { bucket: workBucket, key: DOCUMENT_KEYS.receipt(execution) };
  const writtenAt = new Date().toISOString();
  const written = writeReceipt(document, images, { executionArn, startedAt, writtenAt });
  await writeDocument(receipt, owner, written.document);
  const { diagnosis } = written.outcome;
  if (diagnosis) await writeDocument({ ...receipt, key: DOCUMENT_KEYS.failure(execution) }, owner, diagnosis);
  return { ...written.outcome, receipt } satisfies WriteReceiptOutput;
});
