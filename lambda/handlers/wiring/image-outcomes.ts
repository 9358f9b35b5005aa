import { DOCUMENT_KEYS } from '../../contract/document-keys';
import type { Pointer } from '../../contract/steps';

/** Where the outcome of one image lies: pushed or failed, it is written once. */
export function imageOutcomePointer(
  { execution, image }: { execution: string; image: number },
  workBucket: string,
): Pointer {
  return { bucket: workBucket, key: DOCUMENT_KEYS.outcome(execution, image) };
}
