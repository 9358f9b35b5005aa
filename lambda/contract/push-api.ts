import * as z from 'zod';
import { PushRequest } from './push-request';
import { Diagnosis, WriteReceiptOutput } from './steps';

/** Makes a request safe to send twice: one token starts one push. */
const ClientToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Makes the request safe to send again: one token starts one push. With another request it is refused.');

/** Body of `POST /pushes`: a push request, and a token. What fields allow together, PushRequest itself says. */
export const CreatePushBody = z.strictObject({ ...PushRequest.shape, clientToken: ClientToken.optional() });

/** Body of `POST /pushes/{id}/stop`. */
export const StopPushBody = z.strictObject({
  reason: z.string().min(1).max(1024).optional().describe('Why, for those who look at the execution later.'),
});

/** The most that S3 takes in one PUT, in bytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LARGEST_UPLOAD = 5 * 1024 ** 3;

/** Body of `POST /drops` and `POST /drops/{drop}`. */
export const PresignDropBody = z.strictObject({
  key: z.string().min(1).max(1024).describe('Under the prefix of the drop, such as `app/1.4.2.tar`; taken literally.'),
  size: z.number().int().min(1).max(LARGEST_UPLOAD).describe('Bytes of the tarball; no other length is taken.'),
});

const PushStatus = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']);

/** Query of `GET /pushes`; numbers come as text. */
export const ListPushesQuery = z.strictObject({
  status: PushStatus.optional(),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/)
    .optional(),
  nextToken: z.string().min(1).max(3096).optional(),
});

const Time = z.string().meta({ format: 'date-time' });

export const PushSummary = z.object({
  id: z.string().describe('Name of the execution.'),
  status: PushStatus,
  startedAt: Time,
  stoppedAt: Time.optional(),
});
export type PushSummary = z.infer<typeof PushSummary>;

/** Answer of `POST /pushes` and `POST /pushes/{id}/stop`. */
export const StartedPush = PushSummary.extend({ executionArn: z.string() });
export type StartedPush = z.infer<typeof StartedPush>;

/** Answer of `GET /pushes`: newest first. */
export const PushList = z.object({
  pushes: z.array(PushSummary),
  nextToken: z.string().optional().describe('Asks for the page after this one.'),
});
export type PushList = z.infer<typeof PushList>;

export const LayerProgress = z.object({
  digest: z.string(),
  size: z.number().describe('Bytes.'),
  state: z.enum(['waiting', 'sending', 'done', 'skipped']).describe('`skipped`: ECR had it already.'),
  sent: z.number().describe('Bytes that ECR has acknowledged.'),
  restarts: z.number().optional().describe('How often its upload was begun again, where it was.'),
});
export type LayerProgress = z.infer<typeof LayerProgress>;

export const PlainLayerProgress = z.object({
  diffId: z.string(),
  size: z.number().describe('Bytes, before they are compressed.'),
  compressed: z.number().describe('Bytes of them that are compressed; large layers are sent on the way.'),
});
export type PlainLayerProgress = z.infer<typeof PlainLayerProgress>;

export const ImageProgress = z.object({
  name: z.string().describe('How the tarball calls it.'),
  repository: z.string().describe('Empty where nothing names it.'),
  tags: z.array(z.string()),
  state: z
    .enum(['waiting', 'pushing', 'pushed', 'failed', 'unpushed'])
    .describe('`unpushed`: the push ended before it came to this image.'),
  digest: z.string().optional(),
  layers: z
    .array(LayerProgress)
    .optional()
    .describe('Absent until they are known. Of a push with more than 1,000 layers only the image under way has them.'),
  plainLayers: z
    .array(PlainLayerProgress)
    .optional()
    .describe('Of the image under way, while its layers are not known yet: those that are compressed first.'),
  diagnosis: Diagnosis.optional(),
});
export type ImageProgress = z.infer<typeof ImageProgress>;

/** Answer of `GET /pushes/{id}`. */
export const Push = StartedPush.extend({
  subject: z.string().describe('The tarball, as `s3://bucket/key`.'),
  step: z.string().optional().describe('The step of the workflow that is under way.'),
  images: z.array(ImageProgress).describe('Empty until the tarball is inspected.'),
  result: WriteReceiptOutput.omit({ diagnosis: true }).optional().describe('Of a push that succeeded.'),
  diagnosis: Diagnosis.optional().describe('Why the push failed, and what to do.'),
});
export type Push = z.infer<typeof Push>;

/** Answer of `POST /drops`. */
export const PresignedDrop = z.object({
  method: z.literal('PUT'),
  url: z.string().describe('Takes one object under this key, of this size, until it expires.'),
  headers: z.record(z.string(), z.string()).describe('To be sent as they are.'),
  bucket: z.string(),
  key: z.string(),
  expiresAt: Time,
});
export type PresignedDrop = z.infer<typeof PresignedDrop>;

/** Answer to a request that cannot be served. */
export const Problem = z.object({
  code: z.string().describe('A name of docs/runbook.md.'),
  message: z.string(),
  remedy: z.string(),
});
export type Problem = z.infer<typeof Problem>;
