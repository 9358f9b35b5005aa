import * as z from 'zod';

/** Which missing repositories a push may create: patterns as in a drop, and whether their tags are immutable. */
export const CreateRepositories = z.object({
  repositories: z.array(z.string()),
  immutableTags: z.boolean(),
});
export type CreateRepositories = z.infer<typeof CreateRepositories>;
