import * as z from 'zod';
import { ImageOutcome } from './image-outcome';
import { ObjectVersion } from './push-plan';
import { PushTotals } from './steps';

/** The object that was dropped, with what is known of its bytes. */
const Source = ObjectVersion.extend({
  sha256: z
    .string()
    .optional()
    .describe('of all its bytes, in hex; there where S3 keeps a SHA-256 of the whole object: nothing is read for it'),
});

/** What a push did, image by image: `receipt.json` in the work bucket; docs/receipt.schema.json is made of it. */
export const Receipt = z.object({
  version: z
    .literal('1')
    .describe('of this shape: fields may be added under the same version, none is taken away or changes its meaning'),
  executionArn: z.string().describe('the execution of the workflow that pushed'),
  startedAt: z.string().describe('when the execution began; ISO 8601, UTC'),
  writtenAt: z.string().describe('when all images were there or set aside; ISO 8601, UTC'),
  source: Source.describe('the object that was dropped, compressed or not'),
  notes: z.array(z.string()).describe('choices worth telling: what was left out or written anew, and why'),
  images: z.array(ImageOutcome).describe('what became of each; digests are those in the registry'),
  totals: PushTotals.describe('bytes and layers of all images together'),
});
export type Receipt = z.infer<typeof Receipt>;
