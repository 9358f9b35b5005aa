import * as z from 'zod';
import { ImageOutcome } from './image-outcome';
import { ObjectVersion } from './push-plan';
import { PushTotals } from './steps';

/** What a push did, image by image: `receipt.json` in the work bucket. */
export const Receipt = z.object({
  version: z.literal('1'),
  executionArn: z.string(),
  /** The object that was dropped, compressed or not. */
  source: ObjectVersion,
  notes: z.array(z.string()),
  images: z.array(ImageOutcome),
  totals: PushTotals,
});
export type Receipt = z.infer<typeof Receipt>;
