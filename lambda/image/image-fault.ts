import { BlobMissing, SlipwayError } from '../contract/errors';

/** Faults that say nothing about the other images of a tarball. */
const ONE_IMAGES_OWN: ReadonlySet<string> = new Set([
  'LinkInvalid',
  'ManifestInvalid',
  'BlobMissing',
  'EmptyBlob',
  'DigestMismatch',
  'SizeMismatch',
  'LayerCorrupt',
  'Unsupported',
  'LimitExceeded',
  'KeyInvalid',
  'TagInvalid',
  'DestinationDenied',
]);

/** What was caught in the work for one image, if it is that image's own fault; else it is thrown again. */
export function imageFault(error: unknown): SlipwayError {
  if (error instanceof SlipwayError && ONE_IMAGES_OWN.has(error.name)) return error;
  throw error;
}

/** Throws the first fault where no image is without. */
export function refuseIfNoneIsSound(images: readonly { readonly fault?: SlipwayError }[]): void {
  const [first] = images;
  if (first?.fault && images.every(({ fault }) => fault)) throw first.fault;
}

/** The fault of what refers to an image that cannot be pushed. */
export function withoutSubject(subject: string): BlobMissing {
  return new BlobMissing({
    found: `its subject could not be pushed: ${subject}`,
    expected: 'the image that it refers to, in the same repository',
    remedy: 'Mend the image that it refers to, and drop the tarball again.',
  });
}
