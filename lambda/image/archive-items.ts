import { SlipwayError } from '../contract/errors';
import type { ForeignLayer } from '../contract/push-plan';
import { digestInName } from './digest';
import { foreignLayersIn } from './foreign-layers';
import { imageFault } from './image-fault';
import { inParallel } from './in-parallel';
import { type JsonDocument, readDocument, readNamedDocument, type Tarball } from './json-document';
import type { JsonNode } from './json-node';
import { parseReference, type Reference } from './reference';

/** One image that manifest.json lists. https://github.com/moby/docker-image-spec/blob/main/v1.2.md */
export interface ArchiveItem {
  readonly node: JsonNode;
  readonly names: readonly Reference[];
  readonly configName: string;
  /** Absent where the tarball does not have it, or where it cannot be read. */
  readonly config?: JsonDocument;
  /** Why the config cannot be read. */
  readonly fault?: SlipwayError;
  /** Entry names, lowest layer first. */
  readonly layers: readonly string[];
  /** Layers that are served from URLs, by diffId. */
  readonly foreign: ReadonlyMap<string, ForeignLayer>;
}

const MOST_READS = 16;

/** The images of manifest.json, with their configs; `undefined` where it is no list. ManifestInvalid. */
export async function readArchiveItems(tarball: Tarball): Promise<ArchiveItem[] | undefined> {
  const { root } = await readNamedDocument(tarball, 'manifest.json');
  if (!Array.isArray(root.value)) return undefined;
  return inParallel(root.items(), MOST_READS, (node) => readItem(tarball, node));
}

/** Name of the entry that a name inside manifest.json means: both may begin with "./". */
export function entryName(name: string): string {
  return name.replace(/^(?:\.\/+)+/, '');
}

async function readItem(tarball: Tarball, node: JsonNode): Promise<ArchiveItem> {
  const names = node.field('RepoTags').itemsOrNone();
  const configName = node.field('Config').text();
  const layers = node.field('Layers').itemsOrNone();
  const config = await readConfig(tarball, configName).catch(imageFault);
  return {
    node,
    names: names.map((name) => parseReference(name.text())).filter((name) => name !== undefined),
    configName,
    ...(config instanceof SlipwayError ? { fault: config } : config ? { config } : {}),
    layers: layers.map((layer) => layer.text()),
    foreign: foreignLayersIn(node.field('LayerSources')),
  };
}

async function readConfig(tarball: Tarball, name: string): Promise<JsonDocument | undefined> {
  const member = tarball.index.find(entryName(name));
  return member && readDocument(tarball, tarball.index.resolve(member), digestInName(name));
}
