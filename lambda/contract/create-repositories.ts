import * as z from 'zod';
import { RepositoryPattern } from './repository-pattern';

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices */
const tagText = (least: number, most: number) =>
  z.string().regex(new RegExp(`^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{${least},${most}}$`, 'u'));
const TagKey = tagText(1, 128).regex(/^(?!aws:)/i);
const MOST_TAGS = 50;

/** What a repository is created with. */
export const RepositorySettings = z.strictObject({
  immutableTags: z.boolean().default(false),
  /** Whether ECR scans each image when it is pushed. */
  scanOnPush: z.boolean().default(false),
  /** ARN of a KMS key; AES-256 with a key of ECR's own where absent. */
  kmsKey: z.string().optional(),
  tags: z
    .record(TagKey, tagText(0, 256))
    .refine((tags) => Object.keys(tags).length <= MOST_TAGS)
    .default({}),
});
export type RepositorySettings = z.infer<typeof RepositorySettings>;

/** Which missing repositories of a drop its pushes create, and what with. */
export const CreateRepositories = RepositorySettings.extend({
  /** Those that are created, of the drop's; all where absent. */
  repositories: z.array(RepositoryPattern).optional(),
});
