import type { LayerCompression } from '../contract/push-request';
import type { Pointer } from '../contract/steps';

// The folders name the recipes of lambda/image/gzip-block.ts and zstd-layer.ts: another recipe gives other bytes, and must be
// another folder.
const RECIPES = {
  gzip: { folder: 'gzip-5', extension: 'tar.gz' },
  zstd: { folder: 'zstd-1', extension: 'tar.zst' },
} as const;

/** A plain layer, and how it is compressed. */
export interface Staging {
  readonly diffId: string;
  readonly compression: LayerCompression;
}

/** Where a plain layer is staged: its bytes, and the record of their digest. Content-addressed, shared by all pushes. */
export function stagedLayerPointers(
  { diffId, compression }: Staging,
  bucket: string,
): { blob: Pointer; record: Pointer } {
  const { folder, extension } = RECIPES[compression];
  const key = `staged/${folder}/${diffId.replace(':', '-')}`;
  return { blob: { bucket, key: `${key}.${extension}` }, record: { bucket, key: `${key}.json` } };
}
