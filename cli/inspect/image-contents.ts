import type { PlannedManifest } from '../../lambda/contract/push-plan';
import type { FoundImage, FoundImages } from '../../lambda/image/found-images';
import { inParallel } from '../../lambda/image/in-parallel';
import { JsonNode } from '../../lambda/image/json-node';
import { type ContentKind, kindOf, PEEK } from '../../lambda/image/magic';
import { isImageConfig, isIndex } from '../../lambda/image/media-type';
import { platformIn, shownPlatform } from '../../lambda/image/platform';
import type { RangedReader } from '../../lambda/tar/ranged-reader';

/** One layer of an image, as it lies in the tarball. */
export interface ContentLayer {
  /** Absent of a plain layer that is compressed first, whose digest comes of that. */
  readonly digest?: string;
  /** Of a plain layer. */
  readonly diffId?: string;
  /** Bytes. */
  readonly size: number;
  readonly entry: string;
  readonly compression: ContentKind | 'foreign';
}

/** What an image is made of. */
export interface ImageContents {
  /** Of the root; absent where its manifest is yet to be written. */
  readonly digest?: string;
  readonly mediaType?: string;
  /** Of an artifact that is no runnable image: the media type of its config, or its artifactType. */
  readonly artifactType?: string;
  readonly platforms: readonly string[];
  /** Distinct, lowest first. */
  readonly layers: readonly ContentLayer[];
  /** Digests of config blobs. */
  readonly configs: readonly string[];
}

const MOST_READS = 16;
const LARGEST_CONFIG = 4 * 1024 * 1024;

type Json = Readonly<Record<string, unknown>>;
interface Named {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly urls?: readonly string[];
}

/** Reads manifests and configs of one image; they were held against their digests when the image was found. */
export async function imageContents(
  image: FoundImage,
  found: FoundImages,
  reader: RangedReader,
): Promise<ImageContents> {
  const root = image.manifests.at(-1);
  const documents = await inParallel(image.manifests, MOST_READS, (manifest) => manifestOf(manifest, reader));
  const configs = documents.flatMap(({ config }) => (config ? [config] : []));
  const platforms = await inParallel(configs, MOST_READS, (config) => platformOf(config, found, reader));
  const layers = documents.flatMap((document) => document.layers);
  const distinct = [...new Map(layers.map((layer) => [layer.digest ?? layer.diffId, layer])).values()];
  const artifactType = artifactTypeOf(documents.at(-1));
  return {
    ...(root && root.kind !== 'assembled' ? { digest: root.digest, mediaType: root.mediaType } : {}),
    ...(artifactType === undefined ? {} : { artifactType }),
    platforms: [...new Set(platforms.flatMap((platform) => platform ?? []))],
    layers: await inParallel(distinct, MOST_READS, (layer) => contentLayer(layer, found, reader)),
    configs: [...new Set(configs.map(({ digest }) => digest))],
  };
}

interface ManifestDocument {
  readonly config?: Pick<Named, 'digest' | 'mediaType'>;
  readonly layers: readonly { digest?: string; diffId?: string; size?: number; urls?: readonly string[] }[];
  readonly isIndex: boolean;
  readonly artifactType?: string;
}

async function manifestOf(manifest: PlannedManifest, reader: RangedReader): Promise<ManifestDocument> {
  if (manifest.kind === 'assembled') {
    return { config: { digest: manifest.config, mediaType: '' }, layers: manifest.layers, isIndex: false };
  }
  const text = manifest.kind === 'written' ? manifest.body : textOf(await read(manifest, reader));
  const {
    config,
    layers = [],
    artifactType,
  } = JSON.parse(text) as {
    config?: Named;
    layers?: Named[];
    artifactType?: string;
  };
  return {
    ...(config && !isIndex(manifest.mediaType) ? { config } : {}),
    layers,
    isIndex: isIndex(manifest.mediaType),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function artifactTypeOf(root: ManifestDocument | undefined): string | undefined {
  if (!root || root.isIndex) return root?.artifactType;
  const { mediaType = '' } = root.config ?? {};
  return root.artifactType ?? (mediaType === '' || isImageConfig(mediaType) ? undefined : mediaType);
}

async function platformOf({ digest }: { digest: string }, found: FoundImages, reader: RangedReader) {
  const inline = found.inlineBlobs.find((blob) => blob.digest === digest)?.data;
  const blob = found.blobs.find((one) => one.digest === digest);
  if (!inline && (!blob || blob.size > LARGEST_CONFIG)) return undefined;
  const value = parsed(textOf(inline ?? (await read(blob as { firstByte: number; size: number }, reader))));
  const platform = value && platformIn(new JsonNode(value, blob?.entry ?? ''));
  // Attestations call their platform unknown.
  return platform && platform.os !== 'unknown' ? shownPlatform(platform) : undefined;
}

async function contentLayer(
  layer: ManifestDocument['layers'][number],
  { blobs, plainLayers, inlineBlobs }: FoundImages,
  reader: RangedReader,
): Promise<ContentLayer> {
  const { digest, diffId } = layer;
  const names = { ...(digest === undefined ? {} : { digest }), ...(diffId === undefined ? {} : { diffId }) };
  const lies = blobs.find((blob) => blob.digest === digest) ?? plainLayers.find((plain) => plain.diffId === diffId);
  if (lies) {
    const head = await reader.read(lies.firstByte, Math.min(PEEK, lies.size));
    return { ...names, size: lies.size, entry: lies.entry, compression: kindOf(head) };
  }
  const inline = inlineBlobs.find((blob) => blob.digest === digest);
  if (inline) {
    return { ...names, size: inline.data.length, entry: inline.entry, compression: kindOf(inline.data) };
  }
  return { ...names, size: layer.size ?? 0, entry: layer.urls?.[0] ?? '', compression: 'foreign' };
}

function read({ firstByte, size }: { firstByte: number; size: number }, reader: RangedReader): Promise<Uint8Array> {
  return reader.read(firstByte, size);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** A config of an artifact may be anything at all. */
function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
