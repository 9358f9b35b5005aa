import { SlipwayError } from '../contract/errors';
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
import { imageFault } from './image-fault';
import type { JsonDocument, Tarball } from './json-document';
import { lookIntoLayers } from './layer-files';
import { refuseLayerCount } from './manifest';
import { missingBlobs } from './missing-blobs';

interface ArchiveImage extends ArchiveItem {
  readonly config: JsonDocument;
  readonly diffIds: readonly string[];
}

interface BrokenItem extends ArchiveItem {
  readonly fault: SlipwayError;
}

/**
 * All images of a docker archive, or those of the platforms asked for, each sound or with its fault. RequestInvalid where
 * no image is of such a platform, EntryConflict where two layers claim one diffId.
 */
export async function imagesOfArchive(
  tarball: Tarball,
  items: readonly ArchiveItem[],
  { platforms, layers: asked, compression = 'gzip' }: ReadOptions = {},
): Promise<FoundImages> {
  const { chosen, notes } = platforms ? chooseItems(items, platforms) : { chosen: items, notes: [] };
  const whole = chosen.map((item) => wholeImage(tarball, item));
  const names = whole.filter(isSound).flatMap((image) => ownLayersOf(image).map(({ name }) => name));
  const files = await lookIntoLayers(tarball, names);
  const judged = whole.map((image) => (isSound(image) ? withSoundLayers(image, files) : image));
  const images = judged.filter(isSound);
  const layers = await readArchiveLayers(tarball, files, images.flatMap(ownLayersOf), asked === 'preserve');
  const configs = images.map(({ config: { digest, entry } }) => {
    return { digest, size: entry.size, entry: entry.name, firstByte: entry.firstByte };
  });
  const foreign = images.flatMap((image) => layersOf(image).flatMap((layer) => layer.foreign?.digest ?? []));
  return {
    images: distinct(judged, (image) => (isSound(image) ? foundImage(image, layers, compression) : brokenImage(image))),
    blobs: distinctBy([...configs, ...layers.blobs], ({ digest }) => digest),
    inlineBlobs: [],
    plainLayers: layers.staged,
    notes: [...notes, ...[...new Set(foreign)].map(foreignNote)],
  };
}

function isSound(image: ArchiveImage | BrokenItem): image is ArchiveImage {
  return image.fault === undefined;
}

/** The image where the tarball has all that it names, else with its fault. */
function wholeImage(tarball: Tarball, item: ArchiveItem): ArchiveImage | BrokenItem {
  try {
    if (item.fault) throw item.fault;
    const absent = absentOf(tarball, item);
    if (!item.config || absent.length > 0) throw missingBlobs(absent.map(shownBlob), 'manifest.json');
    return withDiffIds(item, item.config);
  } catch (error) {
    return { ...item, fault: imageFault(error) };
  }
}

function absentOf({ index }: Tarball, { configName, layers, foreign, config }: ArchiveItem): string[] {
  const diffIds = foreign.size > 0 && config ? (diffIdsIn(config) ?? []) : [];
  const needed = [configName, ...layers.filter((_, at) => !foreign.has(diffIds[at] ?? ''))];
  return needed.filter((name) => !index.find(entryName(name)));
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

function withSoundLayers(
  image: ArchiveImage,
  files: Awaited<ReturnType<typeof lookIntoLayers>>,
): ArchiveImage | BrokenItem {
  const looked = ownLayersOf(image).map(({ name }) => files.get(name));
  const fault = looked.find((file) => file instanceof SlipwayError);
  return fault ? { ...image, fault } : image;
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

/** The layers that the tarball itself must have. */
function ownLayersOf(image: ArchiveImage): ItsLayer[] {
  return layersOf(image).filter(({ foreign }) => !foreign);
}

function brokenImage({ names, configName, config, fault }: BrokenItem): FoundImage {
  return { name: names[0]?.text ?? config?.digest ?? configName, names, manifests: [], fault };
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
function distinct<T extends ArchiveItem>(items: readonly T[], made: (item: T) => FoundImage): FoundImage[] {
  const all = items.map((item) => ({ item, image: made(item) }));
  const groups = grouped(all, ({ item: { configName, layers }, image: { manifests, fault } }) =>
    JSON.stringify(fault ? [configName, layers] : manifests),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = distinctBy(
      group.flatMap(({ image }) => image.names),
      ({ text }) => text,
    );
    return [{ ...first.image, name: names[0]?.text ?? first.image.name, names }];
  });
}
