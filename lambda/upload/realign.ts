import type { Part } from './part-plan';

/** What ECR says when it refuses a part: the exception's field and text. */
export interface PartRefusal {
  readonly lastValidByteReceived?: number | undefined;
  readonly message: string;
}

/**
 * How an upload goes on after a refused part.
 * `stored`: ECR has the part already. `resume`: go on from `nextByte`. `abandon`: begin a fresh upload.
 */
export type Realignment =
  | { readonly kind: 'stored' }
  | { readonly kind: 'resume'; readonly nextByte: number }
  | { readonly kind: 'abandon' };

/**
 * Reads a refusal. An upload id is known to one execution only, so a byte that one of our own parts ends with means
 * that an earlier try of ours got that far; any other byte is nobody's and the upload is given up.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html (InvalidLayerPartException)
 */
export function realign(part: Part, size: number, partSize: number, refusal: PartRefusal): Realignment {
  const nextByte = serverByte(refusal);
  if (nextByte === undefined) return { kind: 'abandon' };
  if (nextByte === part.lastByte + 1) return { kind: 'stored' };
  // ECR expects just this part and refuses it all the same: sending it once more changes nothing.
  if (nextByte === part.firstByte) return { kind: 'abandon' };
  const onOurGrid = nextByte % partSize === 0 && nextByte < size;
  return onOurGrid || nextByte === size ? { kind: 'resume', nextByte } : { kind: 'abandon' };
}

// The field cannot say "nothing received" (its least value is 0, also the true value after one byte), so a 0 defers
// to the text, which names the byte that ECR expects.
function serverByte({ lastValidByteReceived, message }: PartRefusal): number | undefined {
  if (lastValidByteReceived !== undefined && lastValidByteReceived > 0) return lastValidByteReceived + 1;
  const named = /instead of (\d+)/.exec(message)?.[1];
  return named === undefined ? undefined : Number(named);
}
