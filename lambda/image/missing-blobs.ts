import { BlobMissing } from '../contract/errors';

/** The error for blobs that `entry` (a manifest, or the list of images) needs and the tarball lacks; names them all. */
export function missingBlobs(absent: readonly string[], entry: string): BlobMissing {
  const distinct = [...new Set(absent)].sort();
  const count = distinct.length === 1 ? '1 blob is' : `${distinct.length} blobs are`;
  return new BlobMissing({
    found: `${count} not in the tarball: ${distinct.join(', ')}`,
    entry,
    expected: 'every blob that its manifests name',
    remedy:
      'The tarball is partial: pull the whole image before you save it, or save one platform only ' +
      '("docker save --platform linux/amd64", "skopeo copy" without --all).',
  });
}
