import type { VerbatimManifest, WrittenManifest } from '../contract/push-plan';
import { sha256 } from './digest';
import type { JsonDocument } from './json-document';
import type { JsonNode } from './json-node';
import type { ImageIndex, ImageManifest } from './manifest';
import { isForeignLayer } from './media-type';

/** How a manifest that was read is pushed: the bytes that lie in the tarball, or that a descriptor carries. */
export function plannedManifest(
  { entry, digest, data }: JsonDocument,
  manifest: ImageManifest | ImageIndex,
): VerbatimManifest | WrittenManifest {
  const { mediaType } = manifest;
  const { name, size, firstByte } = entry;
  const needed = manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : [];
  const blobs = [...new Set(needed.filter((blob) => !isForeignLayer(blob.mediaType)).map((blob) => blob.digest))];
  const children = manifest.kind === 'index' ? manifest.manifests.map((child) => child.digest) : [];
  const shared = { digest, mediaType, entry: name, blobs, children: [...new Set(children)] };
  return data
    ? { kind: 'written', ...shared, body: Buffer.from(data).toString('utf8') }
    : { kind: 'verbatim', ...shared, size, firstByte };
}

/** An index with other children: all else stays, in its order, so that the bytes are the same each time. */
export function writtenIndex(
  { value, entry }: JsonNode,
  { mediaType, manifests: children }: ImageIndex,
  manifests: readonly unknown[],
): WrittenManifest {
  const body = JSON.stringify({ ...(value as object), manifests });
  const digests = [...new Set(children.map(({ digest }) => digest))];
  return { kind: 'written', digest: sha256(body), mediaType, body, entry, blobs: [], children: digests };
}
