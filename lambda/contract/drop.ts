import * as z from 'zod';
import { CreateRepositories } from './create-repositories';
import { RepositoryPattern } from './repository-pattern';

/** Who may push where: objects under `prefix` may go to repositories that match a pattern. */
export const Drop = z.strictObject({
  /** Folder of the drop bucket, in whole path segments, with or without a last "/"; '' is the whole bucket. */
  prefix: z
    .string()
    .max(1024)
    .regex(/^(?:[^/]+(?:\/[^/]+)*\/?)?$/),
  /** Repository names; `*` stands for any characters, "/" included. */
  repositories: z.array(RepositoryPattern),
  /** Tags that may be set, as patterns; any where absent. */
  tags: z
    .array(
      z
        .string()
        .max(128)
        .regex(/^[a-zA-Z0-9_*][a-zA-Z0-9._*-]*$/),
    )
    .optional(),
  /** How missing repositories are created; none are where absent. */
  createRepositories: CreateRepositories.optional(),
});
export type Drop = z.infer<typeof Drop>;

/** A drop's prefix as keys begin that lie under it: with a last "/" unless it is the whole bucket. */
export function dropFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
