import { z } from 'zod';

/** How the bytes of a layer are checked: read once and hashed before the first upload, or by ECR at Complete alone. */
const Verify = z.enum(['before', 'by-ecr']);

/** Input of an `ImagePush` execution, and body of a push by API. Unknown fields are errors. */
export const PushRequest = z.strictObject({
  /** The tarball. Without `versionId` the newest version at the start of the run is taken. */
  source: z.strictObject({
    bucket: z.string().min(3).max(63),
    key: z.string().min(1).max(1024),
    versionId: z.string().min(1).optional(),
  }),
  /** Destination repository; for a tarball of several images the folder they go under. */
  repository: z.string().min(2).max(256).optional(),
  /** Tags for the one image in the tarball. */
  tags: z.array(z.string().min(1).max(128)).min(1).max(50).optional(),
  /** Account id of the registry; the caller's own where absent. */
  registryId: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  verify: Verify.optional(),
});
export type PushRequest = z.infer<typeof PushRequest>;
