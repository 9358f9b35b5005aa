import { LimitExceeded, type SlipwayError } from '../contract/errors';
import type { PlannedBlob, VerbatimManifest, WrittenManifest } from '../contract/push-plan';
import type { Descriptor } from './descriptor';
import { diffIdClaims } from './diff-id-claims';
import type { InlineBlob } from './found-images';
import { diffIdsIn } from './image-config';
import { imageFault } from './image-fault';
import { inParallel } from './in-parallel';
import { inlineDocument, type JsonDocument, readDocument, type Tarball } from './json-document';
import type { JsonNode } from './json-node';
import { locateBlob } from './layout-blobs';
import { type ImageIndex, type ImageManifest, parseManifest } from './manifest';
import { isForeignLayer, isImageConfig, isTarLayer } from './media-type';
import { plannedManifest } from './planned-manifest';
import { type Platform, platformIn } from './platform';

/** A manifest of a layout, as it is pushed and as it reads. */
export interface ManifestNode {
  readonly planned: VerbatimManifest | WrittenManifest;
  readonly manifest: ImageManifest | ImageIndex;
  /** Of its config; absent for indexes, for other artifacts, and where the config is not in the tarball. */
  readonly diffIds?: readonly string[];
  readonly platform?: Platform;
  /** The JSON of an index. */
  readonly root?: JsonNode;
  /** What is wrong with its config, or with what it says of its layers. */
  readonly fault?: SlipwayError;
}

const MOST_READS = 16;
const DEEPEST = 8;

/** Reads the manifests of an OCI layout from its roots down, each once, and notes where their blobs lie. */
export class LayoutWalk {
  /** Manifests in the tarball, by digest. */
  readonly nodes = new Map<string, ManifestNode>();
  /** Configs and layers in the tarball, by digest. */
  readonly blobs = new Map<string, PlannedBlob>();
  /** Configs and layers that the tarball has in descriptors alone, by digest. */
  readonly inline = new Map<string, InlineBlob>();
  /** What is wrong with manifests that cannot be read, by the digest they are named by. */
  readonly faults = new Map<string, SlipwayError>();
  readonly #tarball: Tarball;

  constructor(tarball: Tarball) {
    this.#tarball = tarball;
  }

  /** Walks down from these descriptors, level by level. An index below 8 levels has the fault LimitExceeded. */
  async from(roots: readonly Descriptor[]): Promise<void> {
    let level = roots;
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth === DEEPEST) {
        for (const { digest, entry } of level) this.faults.set(digest, nestedTooDeep(entry));
        return;
      }
      const fresh = this.#unread(level);
      const read = await inParallel(fresh, MOST_READS, (descriptor) => this.#readOrFault(descriptor));
      const nodes = read.filter((node) => node !== undefined);
      for (const node of nodes) this.nodes.set(node.planned.digest, node);
      level = nodes.flatMap(({ manifest }) => (manifest.kind === 'index' ? manifest.manifests : []));
    }
  }

  /** Adds a manifest that no descriptor names: index.json itself, where that is the index to push. */
  add(document: JsonDocument, manifest: ImageIndex): void {
    this.nodes.set(document.digest, indexNode(document, manifest));
  }

  #unread(level: readonly Descriptor[]): Descriptor[] {
    const fresh = new Map<string, Descriptor>();
    for (const descriptor of level) {
      // Each mention is held against the entry: two may disagree on the size.
      if (this.#isThere(descriptor) && !this.nodes.has(descriptor.digest)) fresh.set(descriptor.digest, descriptor);
    }
    return [...fresh.values()];
  }

  #isThere(descriptor: Descriptor): boolean {
    try {
      return locateBlob(this.#tarball.index, descriptor) !== undefined || descriptor.data !== undefined;
    } catch (error) {
      this.faults.set(descriptor.digest, imageFault(error));
      return false;
    }
  }

  async #readOrFault(descriptor: Descriptor): Promise<ManifestNode | undefined> {
    try {
      return await this.#read(descriptor);
    } catch (error) {
      this.faults.set(descriptor.digest, imageFault(error));
      return undefined;
    }
  }

  async #read(descriptor: Descriptor): Promise<ManifestNode | undefined> {
    const document = await this.#document(descriptor);
    if (!document) return undefined;
    const manifest = parseManifest(document, descriptor.mediaType);
    if (manifest.kind === 'index') return indexNode(document, manifest);
    const below = await this.#below(manifest).catch((error: unknown) => ({ fault: imageFault(error) }));
    return { planned: plannedManifest(document, manifest), manifest, ...below };
  }

  async #below({ config: itsConfig, layers }: ImageManifest): Promise<Pick<ManifestNode, 'diffIds' | 'platform'>> {
    for (const blob of [itsConfig, ...layers]) this.#note(blob);
    const config = isImageConfig(itsConfig.mediaType) ? await this.#document(itsConfig) : undefined;
    const diffIds = config && diffIdsIn(config);
    for (const [at, layer] of layers.entries()) {
      if (isTarLayer(layer.mediaType)) this.#note(layer, diffIds?.[at]);
    }
    const platform = config && platformIn(config.root);
    return { ...(diffIds ? { diffIds } : {}), ...(platform ? { platform } : {}) };
  }

  async #document(descriptor: Descriptor): Promise<JsonDocument | undefined> {
    const entry = locateBlob(this.#tarball.index, descriptor);
    if (entry) return readDocument(this.#tarball, entry, descriptor.digest);
    return descriptor.data && inlineDocument(descriptor.data, descriptor.entry);
  }

  #note(descriptor: Descriptor, diffId?: string): void {
    if (isForeignLayer(descriptor.mediaType ?? '')) return;
    const file = locateBlob(this.#tarball.index, descriptor);
    const { digest, size, data, entry } = descriptor;
    const { diffIds = [] } = this.blobs.get(digest) ?? this.inline.get(digest) ?? {};
    const claims = diffIdClaims([...diffIds, diffId]);
    if (!file && data) this.inline.set(digest, { digest, data, entry, ...claims });
    if (!file) return;
    this.blobs.set(digest, { digest, size, entry: file.name, firstByte: file.firstByte, ...claims });
  }
}

/** What is wrong between an image manifest and its config; `undefined` where they agree. */
export function contradictionIn({ planned, manifest, diffIds }: ManifestNode): string | undefined {
  if (manifest.kind !== 'image' || !diffIds || manifest.layers.length === diffIds.length) return undefined;
  const { length } = manifest.layers;
  return `the OCI manifest ${planned.digest} has ${length} layers, and its config ${diffIds.length} diff_ids`;
}

function indexNode(document: JsonDocument, manifest: ImageIndex): ManifestNode {
  return { planned: plannedManifest(document, manifest), manifest, root: document.root };
}

function nestedTooDeep(entry: string): LimitExceeded {
  return new LimitExceeded({
    found: 'indexes are nested too deep',
    entry,
    expected: `at most ${DEEPEST} levels`,
    remedy: 'Let the index name its image manifests directly.',
  });
}
