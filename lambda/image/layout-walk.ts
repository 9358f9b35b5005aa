import { LimitExceeded } from '../contract/errors';
import type { PlannedBlob, VerbatimManifest } from '../contract/push-plan';
import type { Descriptor } from './descriptor';
import { diffIdsIn } from './image-config';
import { inParallel } from './in-parallel';
import { type JsonDocument, readDocument, type Tarball } from './json-document';
import { locateBlob } from './layout-blobs';
import { type ImageIndex, type ImageManifest, parseManifest } from './manifest';
import { isForeignLayer, isImageConfig } from './media-type';

/** A manifest of a layout, as it is pushed and as it reads. */
export interface ManifestNode {
  readonly planned: VerbatimManifest;
  readonly manifest: ImageManifest | ImageIndex;
  /** Of its config; absent for indexes, for other artifacts, and where the config is not in the tarball. */
  readonly diffIds?: readonly string[];
}

const MOST_READS = 16;
const DEEPEST = 8;

/** Reads the manifests of an OCI layout from its roots down, each once, and notes where their blobs lie. */
export class LayoutWalk {
  /** Manifests in the tarball, by digest. */
  readonly nodes = new Map<string, ManifestNode>();
  /** Configs and layers in the tarball, by digest. */
  readonly blobs = new Map<string, PlannedBlob>();
  readonly #tarball: Tarball;

  constructor(tarball: Tarball) {
    this.#tarball = tarball;
  }

  /** Walks down from these descriptors, level by level. LimitExceeded where indexes nest deeper than 8 levels. */
  async from(roots: readonly Descriptor[]): Promise<void> {
    let level = roots;
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth === DEEPEST) throw nestedTooDeep(level[0]?.entry ?? '');
      const fresh = this.#unread(level);
      const read = await inParallel(fresh, MOST_READS, (descriptor) => this.#read(descriptor));
      const nodes = read.filter((node) => node !== undefined);
      for (const node of nodes) this.nodes.set(node.planned.digest, node);
      level = nodes.flatMap(({ manifest }) => (manifest.kind === 'index' ? manifest.manifests : []));
    }
  }

  /** Adds a manifest that no descriptor names: index.json itself, where that is the index to push. */
  add(document: JsonDocument, manifest: ImageIndex): void {
    this.nodes.set(document.digest, { planned: plannedManifest(document, manifest), manifest });
  }

  #unread(level: readonly Descriptor[]): Descriptor[] {
    const fresh = new Map<string, Descriptor>();
    for (const descriptor of level) {
      // Each mention is held against the entry: two may disagree on the size.
      const isThere = locateBlob(this.#tarball.index, descriptor) !== undefined;
      if (isThere && !this.nodes.has(descriptor.digest)) fresh.set(descriptor.digest, descriptor);
    }
    return [...fresh.values()];
  }

  async #read(descriptor: Descriptor): Promise<ManifestNode | undefined> {
    const document = await this.#document(descriptor);
    if (!document) return undefined;
    const manifest = parseManifest(document, descriptor.mediaType);
    if (manifest.kind === 'index') return { planned: plannedManifest(document, manifest), manifest };
    for (const blob of [manifest.config, ...manifest.layers]) this.#note(blob);
    const config = isImageConfig(manifest.config.mediaType) ? await this.#document(manifest.config) : undefined;
    const diffIds = config && diffIdsIn(config);
    return { planned: plannedManifest(document, manifest), manifest, ...(diffIds ? { diffIds } : {}) };
  }

  async #document(descriptor: Descriptor): Promise<JsonDocument | undefined> {
    const entry = locateBlob(this.#tarball.index, descriptor);
    return entry && readDocument(this.#tarball, entry, descriptor.digest);
  }

  #note(descriptor: Descriptor): void {
    if (isForeignLayer(descriptor.mediaType ?? '')) return;
    const file = locateBlob(this.#tarball.index, descriptor);
    if (!file) return;
    const { digest, size } = descriptor;
    this.blobs.set(digest, { digest, size, entry: file.name, firstByte: file.firstByte });
  }
}

/** What is wrong between an image manifest and its config; `undefined` where they agree. */
export function contradictionIn({ planned, manifest, diffIds }: ManifestNode): string | undefined {
  if (manifest.kind !== 'image' || !diffIds || manifest.layers.length === diffIds.length) return undefined;
  const { length } = manifest.layers;
  return `the OCI manifest ${planned.digest} has ${length} layers, and its config ${diffIds.length} diff_ids`;
}

function plannedManifest({ entry, digest }: JsonDocument, manifest: ImageManifest | ImageIndex): VerbatimManifest {
  const { mediaType } = manifest;
  const { name, size, firstByte } = entry;
  const needed = manifest.kind === 'image' ? [manifest.config, ...manifest.layers] : [];
  const blobs = needed.filter((blob) => !isForeignLayer(blob.mediaType)).map((blob) => blob.digest);
  const children = manifest.kind === 'index' ? manifest.manifests.map((child) => child.digest) : [];
  return {
    kind: 'verbatim',
    digest,
    mediaType,
    size,
    entry: name,
    firstByte,
    blobs: [...new Set(blobs)],
    children: [...new Set(children)],
  };
}

function nestedTooDeep(entry: string): LimitExceeded {
  return new LimitExceeded({
    found: 'indexes are nested too deep',
    entry,
    expected: `at most ${DEEPEST} levels`,
    remedy: 'Let the index name its image manifests directly.',
  });
}
