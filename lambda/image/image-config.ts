import type { JsonDocument } from './json-document';

/**
 * The diffIds that an image's config lists, lowest layer first; `undefined` where it has no rootfs.
 * https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function diffIdsIn({ root }: JsonDocument): readonly string[] | undefined {
  const rootfs = root.field('rootfs');
  if (rootfs.isAbsent) return undefined;
  return rootfs
    .field('diff_ids')
    .itemsOrNone()
    .map((diffId) => diffId.digest());
}
