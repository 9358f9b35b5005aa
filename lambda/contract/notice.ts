import * as z from 'zod';
import { Diagnosis, Pointer, PushTotals } from './steps';

/** `source` of the events that tell how a push ended. */
export const NOTICE_SOURCE = 'slipway';

/** `detail-type` of those events. */
export const NOTICE_TYPES = { pushed: 'Image Pushed', failed: 'Image Push Failed' } as const;

/** `detail` of those events; docs/notice.schema.json is made of it. */
export const Notice = z.object({
  version: z
    .literal('1')
    .describe('of this shape: fields may be added under the same version, none is taken away or changes its meaning'),
  executionArn: z.string().describe('with redriveCount it tells a notice from all others'),
  execution: z.string().describe('name of the execution, and of its folder in the work bucket'),
  redriveCount: z.number().describe('0, and one more each time the execution was redriven'),
  drop: z
    .string()
    .optional()
    .describe('prefix of the drop that the tarball lies under, as the deployment gives it; absent where there is none'),
  source: z
    .object({ bucket: z.string(), key: z.string(), versionId: z.string().optional() })
    .optional()
    .describe('the tarball, as the push was asked for; absent where the request names none'),
  result: z
    .enum(['SUCCEEDED', 'PARTIAL', 'FAILED', 'TIMED_OUT', 'ABORTED'])
    .describe('how the execution ended; PARTIAL: it failed, and some images are there'),
  startedAt: z.string().describe('ISO 8601, UTC'),
  endedAt: z.string().describe('ISO 8601, UTC'),
  images: z
    .array(z.object({ repository: z.string(), tags: z.array(z.string()), digest: z.string(), registryId: z.string() }))
    .describe('the images that are there, as far as the receipt tells'),
  totals: PushTotals.optional().describe('bytes and layers; absent where the push did not come as far as its receipt'),
  receipt: Pointer.optional().describe('the document that tells all of it, layer by layer'),
  diagnosis: Diagnosis.optional().describe('why not all images are there, and what to do'),
  failure: Pointer.optional().describe('the document that says the same as diagnosis'),
});
export type Notice = z.infer<typeof Notice>;
