import { BlobMissing } from '../contract/errors';

/** What a request can say of a partial OCI layout, for messages. */
export const DROP_OR_ONLY =
  'Pull the whole image before you save it, or let the request say what to push of it: "missing": "only" with ' +
  '"platforms": ["linux/amd64"], or "missing": "drop".';

const SAVE_ONE =
  'The tarball is partial: pull the whole image before you save it, or save one platform only ' +
  '("docker save --platform linux/amd64", "skopeo copy" without --all).';

/** The error for blobs that `entry` (a manifest, or the list of images) needs and the tarball lacks; names them all. */
export function missingBlobs(absent: readonly string[], entry: string, more = '', remedy = SAVE_ONE): BlobMissing {
  const distinct = [...new Set(absent)].sort();
  const count = distinct.length === 1 ? '1 blob is' : `${distinct.length} blobs are`;
  const found = `${count} not in the tarball: ${distinct.join(', ')}${more}`;
  return new BlobMissing({ found, entry, expected: 'every blob that its manifests name', remedy });
}
