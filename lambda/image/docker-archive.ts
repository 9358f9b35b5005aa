import type { ForeignLayer } from '../contract/push-plan';
import type { LayerCompression, ReadOptions } from '../contract/push-request';
import { type ArchiveItem, entryName } from './archive-items';
import { type ArchiveLayers, readArchiveLayers } from './archive-layers';
import { chooseItems } from './archive-platforms';
import { layerMediaTypes } from './assemble-manifest';
import { digestInName } from './digest';
import { foreignNote } from './foreign-layers';
import type { FoundImage, FoundImages } from './found-images';
import { distinctBy, grouped } from './grouped';
import { diffIdsIn } from './image-config';
import type { JsonDocument, Tarball } from './json-document';
import { refuseLayerCount } from './manifest';
import { missingBlobs } from './missing-blobs';

interface ArchiveImage extends ArchiveItem {
  readonly config: JsonDocument;
  readonly diffIds: readonly string[];
}

/**
 * All images of a docker archive, or those of the platforms asked for. BlobMissing names every absent config and layer;
 * RequestInvalid where no image is of such a platform.
 */
export async function imagesOfArchive(
  tarball: Tarball,
  items: readonly ArchiveItem[],
  { platforms, layers: asked, compression = 'gzip' }: ReadOptions = {},
): Promise<FoundImages> {
  const { chosen, notes } = platforms ? chooseItems(items, platforms) : { chosen: items, notes: [] };
  refuseAbsent(tarball, chosen);
  const images = chosen.flatMap((item) => (item.config ? [withDiffIds(item, item.config)] : []));
  const wanted = images.flatMap((image) => layersOf(image).filter(({ foreign }) => !foreign));
  const layers = await readArchiveLayers(tarball, wanted, asked === 'preserve');
  const configs = images.map(({ config: { digest, entry } }) => {
    return { digest, size: entry.size, entry: entry.name, firstByte: entry.firstByte };
  });
  const foreign = images.flatMap((image) => layersOf(image).flatMap((layer) => layer.foreign?.digest ?? []));
  return {
    images: distinct(images.map((image) => foundImage(image, layers, compression))),
    blobs: distinctBy([...configs, ...layers.blobs], ({ digest }) => digest),
    inlineBlobs: [],
    plainLayers: layers.staged,
    notes: [...notes, ...[...new Set(foreign)].map(foreignNote)],
  };
}

function refuseAbsent({ index }: Tarball, items: readonly ArchiveItem[]): void {
  const needed = items.flatMap(({ configName, layers, foreign, config }) => {
    const diffIds = foreign.size > 0 && config ? (diffIdsIn(config) ?? []) : [];
    return [configName, ...layers.filter((_, at) => !foreign.has(diffIds[at] ?? ''))];
  });
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

interface ItsLayer {
  readonly name: string;
  readonly diffId: string;
  readonly foreign?: ForeignLayer;
}

function layersOf({ layers, diffIds, foreign }: ArchiveImage): ItsLayer[] {
  return layers.map((name, at) => {
    const diffId = diffIds[at] ?? '';
    const source = foreign.get(diffId);
    return { name: entryName(name), diffId, ...(source ? { foreign: source } : {}) };
  });
}

function foundImage(image: ArchiveImage, archive: ArchiveLayers, compression: LayerCompression): FoundImage {
  const { names, config } = image;
  const layers = layersOf(image).map(({ name, diffId, foreign }) => foreign ?? archive.of(name, diffId));
  const kinds = layers.map((layer) => ('kind' in layer ? layer.kind : ''));
  const mediaTypes = layerMediaTypes(kinds.map((kind) => (kind === 'staged' ? compression : kind)));
  const staged = layers.flatMap((layer) => ('diffId' in layer ? [layer.diffId] : []));
  return {
    name: names[0]?.text ?? config.digest,
    names,
    manifests: [
      {
        kind: 'assembled',
        config: config.digest,
        layers: layers.map((layer) => {
          if ('urls' in layer) return layer;
          if ('diffId' in layer) return { diffId: layer.diffId };
          return { digest: layer.digest, mediaType: mediaTypes[layer.kind] };
        }),
      },
    ],
    changed: `A docker archive has no manifest: Slipway writes one${plainLayersNote(new Set(staged).size)}.`,
  };
}

function plainLayersNote(plain: number): string {
  return plain === 0 ? '' : `, and compresses ${plain === 1 ? '1 plain layer' : `${plain} plain layers`}`;
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
