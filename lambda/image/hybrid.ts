import type { ReadOptions } from '../contract/push-request';
import type { ArchiveItem } from './archive-items';
import { digestInName } from './digest';
import { distinctBy } from './grouped';
import { inParallel } from './in-parallel';
import type { Tarball } from './json-document';
import { closureOf } from './layout-closure';
import type { LayoutRoot } from './layout-roots';
import { contradictionIn, type ManifestNode } from './layout-walk';
import { kindOf, PEEK } from './magic';
import { isForeignLayer } from './media-type';
import type { OciLayout } from './oci-layout';

/** Which of the two descriptions of a tarball is taken, and why, as a sentence. */
export type HybridChoice =
  | { readonly take: 'archive'; readonly note: string }
  | { readonly take: 'layout'; readonly roots: readonly LayoutRoot[]; readonly note: string };

const MOST_READS = 16;

/**
 * Chooses between index.json and manifest.json of one tarball, as docker 25 and later write them: the OCI layout where
 * it is whole and its layers are compressed (containerd image store), else the docker archive.
 */
export async function chooseDescription(
  tarball: Tarball,
  layout: OciLayout,
  items: readonly ArchiveItem[],
  options: ReadOptions,
): Promise<HybridChoice> {
  const configs = new Set(items.flatMap(configDigest));
  const choice = await choose(tarball, layout, configs, options);
  const left = layout.roots.filter((root) => !isListed(layout, root, configs)).map(({ digest }) => digest);
  if (choice.take === 'layout') return { ...choice, roots: choice.roots.map((root) => withNames(layout, root, items)) };
  if (left.length === 0) return choice;
  return { ...choice, note: `${choice.note} Left out what index.json alone has: ${left.join(', ')}.` };
}

// A config that cannot be read is still listed.
function configDigest({ config, fault, configName }: ArchiveItem): string[] {
  if (config) return [config.digest];
  return fault ? [digestInName(configName) ?? configName] : [];
}

// What index.json does not name, manifest.json may.
function withNames(layout: OciLayout, root: LayoutRoot, items: readonly ArchiveItem[]): LayoutRoot {
  if (root.names.length > 0 || root.subject !== undefined) return root;
  const its = items.filter(({ config }) => config && isListed(layout, root, new Set([config.digest])));
  return {
    ...root,
    names: distinctBy(
      its.flatMap(({ names }) => names),
      ({ text }) => text,
    ),
  };
}

async function choose(
  tarball: Tarball,
  layout: OciLayout,
  configs: ReadonlySet<string>,
  { missing, layers }: ReadOptions,
): Promise<HybridChoice> {
  const all = imagesOf(layout, layout.roots);
  if (layout.roots.length === 0) return archive('index.json lists no image');
  const listed = new Set(all.map(({ manifest }) => (manifest.kind === 'image' ? manifest.config.digest : '')));
  if ([...configs].some((config) => !listed.has(config))) return archive('it lists an image that index.json does not');
  const contradiction = all.map(contradictionIn).find((found) => found !== undefined);
  if (contradiction) return archive(contradiction);
  const partial = layout.roots.filter(({ digest }) => closureOf(digest, layout.walk).absent.length > 0);
  const whole = new Map(partial.map((root) => [root, wholeImagesOf(layout, root)]));
  // Reading the layout then names what is absent: the archive would leave out an image, or platforms, without a word.
  if (partial.some((root) => !isListed(layout, root, configs) || (whole.get(root)?.length ?? 0) > 1)) {
    return taken(layout.roots, 'it has images that manifest.json lacks');
  }
  if (missing !== undefined && partial.some(({ digest }) => isIndexOf(layout, digest))) {
    return taken(layout.roots, `it names what is absent, and the request says "missing": "${missing}"`);
  }
  if ([...whole.values()].some(([only]) => !only || !hasConfig(only, configs))) {
    return archive('blobs that index.json needs are not in the tarball');
  }
  const roots = layout.roots.map((root) => narrowed(layout, root, whole.get(root)?.[0]));
  return byCompression(tarball, layout, roots, configs, layers);
}

function isIndexOf({ walk }: OciLayout, digest: string): boolean {
  return walk.nodes.get(digest)?.manifest.kind === 'index';
}

async function byCompression(
  tarball: Tarball,
  layout: OciLayout,
  roots: readonly LayoutRoot[],
  configs: ReadonlySet<string>,
  layers: ReadOptions['layers'],
): Promise<HybridChoice> {
  const images = imagesOf(layout, roots);
  const plain = await plainLayersOf(tarball, layout, images);
  if (plain.size === 0) return taken(roots, 'its layers are compressed, so all digests stay as they are');
  const isTrue = ({ manifest, diffIds }: ManifestNode) =>
    manifest.kind === 'image' &&
    manifest.layers.every(({ digest }, at) => !plain.has(digest) || digest === diffIds?.[at]);
  if (layers === 'preserve' && images.every(isTrue)) {
    return taken(roots, 'plain layers are to be preserved, so all digests stay as they are');
  }
  const isComplete = roots.every((root) => isListed(layout, root, configs));
  if (isComplete && images.every((image) => hasConfig(image, configs))) {
    return archive(images.every(isTrue) ? 'the layers of the OCI layout are not compressed' : CONTRADICTS_DIFF_IDS);
  }
  return images.every(isTrue) ? taken(roots, 'it has images that manifest.json lacks') : archive(CONTRADICTS_DIFF_IDS);
}

const CONTRADICTS_DIFF_IDS = 'the layers of an OCI manifest are not those of its config';

/** Image manifests, and not attestations or other artifacts, below these roots. */
function imagesOf({ walk }: OciLayout, roots: readonly LayoutRoot[]): ManifestNode[] {
  const nodes = roots.flatMap(({ digest }) => closureOf(digest, walk).nodes);
  return [...new Set(nodes)].filter(({ manifest, diffIds }) => {
    if (manifest.kind !== 'image' || !diffIds) return false;
    return !manifest.layers.some(({ mediaType }) => mediaType === 'application/vnd.in-toto+json');
  });
}

function isListed(layout: OciLayout, root: LayoutRoot, configs: ReadonlySet<string>): boolean {
  return imagesOf(layout, [root]).some((image) => hasConfig(image, configs));
}

function hasConfig({ manifest }: ManifestNode, configs: ReadonlySet<string>): boolean {
  return manifest.kind === 'image' && configs.has(manifest.config.digest);
}

function wholeImagesOf(layout: OciLayout, root: LayoutRoot): ManifestNode[] {
  return imagesOf(layout, [root]).filter(({ planned }) => closureOf(planned.digest, layout.walk).absent.length === 0);
}

// docker keeps the index of a multi-platform image whole, and saves only what it has: most often one platform. Its own
// push sends that platform's manifest then, and so does this.
function narrowed({ walk }: OciLayout, root: LayoutRoot, only: ManifestNode | undefined): LayoutRoot {
  if (!only) return root;
  const { digest } = only.planned;
  const others = closureOf(root.digest, walk).nodes.filter(({ manifest }) => manifest.kind === 'image');
  const left = others.map(({ planned }) => planned.digest).filter((other) => other !== digest);
  const changed =
    `The index ${root.digest} names platforms that are not in the tarball: ` +
    `the one manifest that is there whole, ${digest}, is pushed in its place` +
    `${left.length === 0 ? '' : `, without ${left.join(', ')}`}.`;
  return { ...root, digest, changed };
}

async function plainLayersOf({ reader }: Tarball, { walk }: OciLayout, images: readonly ManifestNode[]) {
  const layers = images.flatMap(({ manifest }) => (manifest.kind === 'image' ? manifest.layers : []));
  const digests = layers.filter(({ mediaType }) => !isForeignLayer(mediaType)).map(({ digest }) => digest);
  const blobs = [...new Set(digests)].flatMap((digest) => walk.blobs.get(digest) ?? []);
  const isPlain = await inParallel(blobs, MOST_READS, async ({ firstByte, size }) => {
    return kindOf(await reader.read(firstByte, Math.min(PEEK, size))) === 'tar';
  });
  return new Set(blobs.filter((_, at) => isPlain[at]).map(({ digest }) => digest));
}

function archive(why: string): HybridChoice {
  return { take: 'archive', note: `Took manifest.json (docker archive), not index.json (OCI layout): ${why}.` };
}

function taken(roots: readonly LayoutRoot[], why: string): HybridChoice {
  return { take: 'layout', roots, note: `Took index.json (OCI layout), not manifest.json (docker archive): ${why}.` };
}
