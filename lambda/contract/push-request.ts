import * as z from 'zod';

/**
 * How the bytes of a layer are checked: hashed while they are sent, and no layer is completed before all are right
 * (`before`); decompressed before the first upload, and compared with their diffId as well (`deep`); or by ECR at Complete
 * alone (`by-ecr`).
 */
export const Verify = z.enum(['before', 'deep', 'by-ecr']);
export type Verify = z.infer<typeof Verify>;

/**
 * What becomes of an image that the tarball does not hold whole: `strict` refuses it and lists every absent digest,
 * `drop` writes its index again without the absent children, `only` pushes the platforms that are asked for.
 */
const Missing = z.enum(['strict', 'drop', 'only']);

/** Plain layers of a docker archive: compressed before they are sent, or sent as they lie. */
const Layers = z.enum(['compress', 'preserve']);

/** What plain layers are compressed with. */
export const LayerCompression = z.enum(['gzip', 'zstd']);
export type LayerCompression = z.infer<typeof LayerCompression>;

/** `os/architecture`, or with a variant: `linux/arm/v7`. */
const Platform = z.string().regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/, 'a platform such as "linux/amd64"');

/** Input of an `ImagePush` execution, and body of a push by API. Unknown fields are errors. */
export const PushRequest = z
  .strictObject({
    source: z
      .strictObject({
        bucket: z.string().min(3).max(63),
        key: z.string().min(1).max(1024),
        versionId: z.string().min(1).optional(),
      })
      .describe('The tarball. Without `versionId` the newest version at the start of the run is taken.'),
    repository: z
      .string()
      .min(2)
      .max(256)
      .optional()
      .describe('Destination repository; for a tarball of several images the folder they go under.'),
    tags: z
      .array(z.string().min(1).max(128))
      .min(1)
      .max(50)
      .optional()
      .describe('Tags for the one image in the tarball.'),
    registryId: z
      .string()
      .regex(/^\d{12}$/)
      .optional()
      .describe('Account id of the registry; the own one where absent.'),
    verify: Verify.optional().describe(
      'How the bytes of a layer are checked: against their digest before any layer is completed, decompressed before the first upload and against their diffId as well, or by ECR alone.',
    ),
    missing: Missing.optional().describe(
      'What becomes of an image that the tarball does not hold whole. Where absent: `strict`, but of a `docker save` that holds one platform whole, that one is pushed.',
    ),
    platforms: z.array(Platform).min(1).max(50).optional().describe('With `missing: "only"`, and only then.'),
    layers: Layers.optional().describe('Plain layers of a docker archive: compressed first, or sent as they lie.'),
    onlyNewest: z
      .boolean()
      .optional()
      .describe(
        'Whether a newer version of the object, dropped while this one is pushed, ends this push before it moves a tag; a drop asks for it, so that tags never go back to an older tarball.',
      ),
    compression: LayerCompression.optional().describe('What plain layers are compressed with; gzip where absent.'),
  })
  .refine(({ missing, platforms }) => (missing === 'only') === (platforms !== undefined), {
    error: '"platforms" and "missing": "only" go together',
    path: ['platforms'],
  })
  .refine(({ layers, compression }) => layers !== 'preserve' || compression === undefined, {
    error: 'with "layers": "preserve" nothing is compressed',
    path: ['compression'],
  });
export type PushRequest = z.infer<typeof PushRequest>;

/** What the request says of how a tarball is read. */
export type ReadOptions = Pick<PushRequest, 'missing' | 'platforms' | 'layers' | 'compression'>;
