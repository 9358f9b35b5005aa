import { type ArchiveLayer, readArchiveLayers } from './archive-layers';
import { layerMediaTypes } from './assemble-manifest';
import { digestInName } from './digest';
import type { FoundImage, FoundImages } from './found-images';
import { distinctBy, grouped } from './grouped';
import { diffIdsIn } from './image-config';
import { inParallel } from './in-parallel';
import { type JsonDocument, readDocument, readNamedDocument, type Tarball } from './json-document';
import type { JsonNode } from './json-node';
import { refuseLayerCount } from './manifest';
import { missingBlobs } from './missing-blobs';
import { parseReference, type Reference } from './reference';

/** One image that manifest.json lists. https://github.com/moby/docker-image-spec/blob/main/v1.2.md */
export interface ArchiveItem {
  readonly node: JsonNode;
  readonly names: readonly Reference[];
  readonly configName: string;
  /** Absent where the tarball does not have it. */
  readonly config?: JsonDocument;
  /** Entry names, lowest layer first. */
  readonly layers: readonly string[];
}

interface ArchiveImage extends ArchiveItem {
  readonly config: JsonDocument;
  readonly diffIds: readonly string[];
}

const MOST_READS = 16;

/** The images of manifest.json, with their configs; `undefined` where it is no list. ManifestInvalid, DigestMismatch. */
export async function readArchiveItems(tarball: Tarball): Promise<ArchiveItem[] | undefined> {
  const { root } = await readNamedDocument(tarball, 'manifest.json');
  if (!Array.isArray(root.value)) return undefined;
  return inParallel(root.items(), MOST_READS, (node) => readItem(tarball, node));
}

/** All images of a docker archive. BlobMissing names every absent config and layer. */
export async function imagesOfArchive(tarball: Tarball, items: readonly ArchiveItem[]): Promise<FoundImages> {
  refuseAbsent(tarball, items);
  const images = items.flatMap((item) => (item.config ? [withDiffIds(item, item.config)] : []));
  const wanted = images.flatMap(({ layers, diffIds }) =>
    layers.map((name, at) => ({ name: entryName(name), diffId: diffIds[at] ?? '' })),
  );
  const layers = await readArchiveLayers(tarball, wanted);
  const configs = images.map(({ config: { digest, entry } }) => {
    return { digest, size: entry.size, entry: entry.name, firstByte: entry.firstByte };
  });
  const blobs = [...configs, ...layers.compressed];
  return {
    images: distinct(images.map((image) => foundImage(image, layers.of(image.layers.map(entryName), image.diffIds)))),
    blobs: distinctBy(blobs, ({ digest }) => digest),
    plainLayers: layers.plain,
    notes: [],
  };
}

async function readItem(tarball: Tarball, node: JsonNode): Promise<ArchiveItem> {
  const names = node.field('RepoTags').itemsOrNone();
  const configName = node.field('Config').text();
  const layers = node.field('Layers').itemsOrNone();
  const member = tarball.index.find(entryName(configName));
  const claimed = digestInName(configName);
  const config = member && (await readDocument(tarball, tarball.index.resolve(member), claimed));
  return {
    node,
    names: names.map((name) => parseReference(name.text())).filter((name) => name !== undefined),
    configName,
    ...(config ? { config } : {}),
    layers: layers.map((layer) => layer.text()),
  };
}

// Names inside manifest.json may begin with "./", as those of entries may.
function entryName(name: string): string {
  return name.replace(/^(?:\.\/+)+/, '');
}

function refuseAbsent({ index }: Tarball, items: readonly ArchiveItem[]): void {
  const needed = items.flatMap(({ configName, layers }) => [configName, ...layers]);
  const absent = needed.filter((name) => !index.find(entryName(name)));
  if (absent.length > 0) throw missingBlobs(absent.map(shownBlob), 'manifest.json');
}

function shownBlob(name: string): string {
  const digest = digestInName(name);
  return digest === undefined || digest === name ? name : `${digest} ("${name}")`;
}

function withDiffIds(item: ArchiveItem, config: JsonDocument): ArchiveImage {
  const diffIds = diffIdsIn(config) ?? [];
  const { length } = item.layers;
  if (length !== diffIds.length) {
    const found = `${item.node.path || 'manifest.json'} lists ${length} layers for ${config.entry.name}`;
    throw item.node.invalid(found, `${diffIds.length}, as many as the config has diff_ids`);
  }
  refuseLayerCount(length, config.entry.name);
  return { ...item, config, diffIds };
}

function foundImage({ names, config }: ArchiveImage, layers: readonly ArchiveLayer[]): FoundImage {
  const mediaTypes = layerMediaTypes(layers.map(({ kind }) => kind));
  const plain = new Set(layers.flatMap((layer) => (layer.kind === 'tar' ? [layer.diffId] : []))).size;
  const compression = plain === 0 ? '' : `, and compresses ${plain === 1 ? '1 plain layer' : `${plain} plain layers`}`;
  return {
    name: names[0]?.text ?? config.digest,
    names,
    manifests: [
      {
        kind: 'assembled',
        config: config.digest,
        layers: layers.map((layer) =>
          layer.kind === 'tar' ? { diffId: layer.diffId } : { digest: layer.digest, mediaType: mediaTypes[layer.kind] },
        ),
      },
    ],
    changed: `A docker archive has no manifest: Slipway writes one${compression}.`,
  };
}

// Some writers list an image once for each of its tags.
function distinct(images: readonly FoundImage[]): FoundImage[] {
  const groups = grouped(images, ({ manifests }) => JSON.stringify(manifests));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const named = [first, ...others].flatMap(({ names }) => names);
    const names = distinctBy(named, ({ text }) => text);
    return [{ ...first, name: names[0]?.text ?? first.name, names }];
  });
}
