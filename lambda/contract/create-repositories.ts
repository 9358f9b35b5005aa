import * as z from 'zod';

/** Which missing repositories a push may create, as patterns like those of a drop, and what they are created with. */
export const CreateRepositories = z.object({
  repositories: z.array(z.string()),
  immutableTags: z.boolean(),
  /** Whether ECR scans each image when it is pushed. */
  scanOnPush: z.boolean(),
  /** ARN of a KMS key; AES-256 with a key of ECR's own where absent. */
  kmsKey: z.string().optional(),
  tags: z.record(z.string(), z.string()),
});
export type CreateRepositories = z.infer<typeof CreateRepositories>;
