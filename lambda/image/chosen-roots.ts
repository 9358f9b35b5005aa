import { BlobMissing, RequestInvalid } from '../contract/errors';
import type { ReadOptions } from '../contract/push-request';
import type { Descriptor } from './descriptor';
import { distinctBy } from './grouped';
import { imageFault } from './image-fault';
import { rewriteIndex } from './index-rewrite';
import { closureOf } from './layout-closure';
import { ATTESTED, type LayoutRoot } from './layout-roots';
import type { LayoutWalk, ManifestNode } from './layout-walk';
import { DROP_OR_ONLY, missingBlobs } from './missing-blobs';
import type { OciLayout } from './oci-layout';
import { isPlatform, type Platform, shownPlatform } from './platform';

/** A root as the request wants it, and what of it is left out. */
interface Chosen {
  readonly root: LayoutRoot;
  readonly left: readonly Descriptor[];
}

/**
 * The layout with its images narrowed to what `missing` and `platforms` say. An image has the fault BlobMissing where an
 * index that a referrer in the tarball is about would change; RequestInvalid where one lacks platforms asked for.
 */
export function chooseFromLayout(layout: OciLayout, { missing, platforms = [] }: ReadOptions): OciLayout {
  if (missing !== 'drop' && missing !== 'only') return layout;
  const choose = missing === 'drop' ? wholeOf : (root: LayoutRoot) => platformsOf(root, layout, platforms);
  // What is about an image is no image itself: it has no platforms to choose from.
  const chosen = layout.roots.map((root) =>
    root.subject ? { root, left: [] } : orWithFault(root, () => choose(root, layout)),
  );
  const notes = chosen.flatMap(({ root, left }, at) => leftOutNote(layout.roots[at] ?? root, left));
  return { ...layout, roots: chosen.map(({ root }) => root), notes: [...layout.notes, ...notes] };
}

function orWithFault(root: LayoutRoot, choose: () => Chosen): Chosen {
  try {
    return choose();
  } catch (error) {
    return { root: { ...root, fault: imageFault(error) }, left: [] };
  }
}

/** The root without the children that are not whole. */
function wholeOf(root: LayoutRoot, layout: OciLayout): Chosen {
  const { walk } = layout;
  const node = walk.nodes.get(root.digest);
  const { absent } = closureOf(root.digest, walk);
  if (absent.length === 0 || node?.manifest.kind !== 'index') return { root, left: [] };
  const { node: index, left } = rewriteIndex(node, walk, ({ digest }) => isWhole(digest, walk));
  // Nothing of it is whole: reading the layout names what is absent.
  if (!index) return { root, left: [] };
  refuseSigned(left, layout, absent, node);
  const why = `The index ${root.digest} names manifests that are not in the tarball: it is written again without them.`;
  return { root: { ...root, digest: index.planned.digest, changed: why }, left };
}

/** The root with the platforms that are asked for: one manifest as it lies, or an index of several. */
function platformsOf(root: LayoutRoot, layout: OciLayout, asked: readonly string[]): Chosen {
  const { walk } = layout;
  const node = walk.nodes.get(root.digest);
  const images = imagesBelow(node, walk);
  if (!node || images.length === 0) return { root, left: [] };
  const chosen = images.filter(({ platform }) => asked.some((one) => isPlatform(platform, one)));
  const lacking = asked.filter((one) => !images.some(({ platform }) => isPlatform(platform, one)));
  if (lacking.length > 0) throw notThere(lacking, images, root);
  const digests = new Set(chosen.map(({ digest }) => digest));
  if (digests.has(root.digest)) return { root, left: [] };
  const keeps = (child: Descriptor) =>
    digests.has(child.digest) || (digests.has(child.annotations.get(ATTESTED) ?? '') && isWhole(child.digest, walk));
  const { node: index, left } = rewriteIndex(node, walk, keeps);
  const [only, ...others] = digests;
  if (only !== undefined && others.length === 0) {
    const why = `Of the index ${root.digest}, ${asked.join(', ')} was asked for: the manifest ${only} is pushed in its place.`;
    return { root: { ...root, digest: only, changed: why }, left: leavesBelow(node, walk).filter(isNot(only)) };
  }
  if (!index || index === node) return { root, left };
  refuseSigned(left, layout, closureOf(root.digest, walk).absent, node);
  const why = `Of the index ${root.digest}, ${asked.join(', ')} were asked for: it is written again with these alone.`;
  return { root: { ...root, digest: index.planned.digest, changed: why }, left };
}

interface PlatformImage {
  readonly digest: string;
  readonly platform: Platform;
}

function imagesBelow(node: ManifestNode | undefined, walk: LayoutWalk): PlatformImage[] {
  if (!node) return [];
  const { planned, platform, manifest } = node;
  if (manifest.kind === 'image') return platform ? [{ digest: planned.digest, platform }] : [];
  return leavesBelow(node, walk).flatMap(({ digest, platform: stated, annotations }) => {
    const its = stated ?? walk.nodes.get(digest)?.platform;
    return its && its.os !== 'unknown' && !annotations.has(ATTESTED) ? [{ digest, platform: its }] : [];
  });
}

/** Descriptors, in the indexes from this one down, that lead to no further index. */
function leavesBelow({ planned }: ManifestNode, walk: LayoutWalk): Descriptor[] {
  const { nodes } = closureOf(planned.digest, walk);
  const children = nodes.flatMap(({ manifest }) => (manifest.kind === 'index' ? manifest.manifests : []));
  const leaves = children.filter(({ digest }) => walk.nodes.get(digest)?.manifest.kind !== 'index');
  return distinctBy(leaves, ({ digest }) => digest);
}

function isNot(digest: string) {
  return (descriptor: Descriptor) => descriptor.digest !== digest;
}

function isWhole(digest: string, walk: LayoutWalk): boolean {
  return closureOf(digest, walk).absent.length === 0;
}

// A signature is of bytes: what somebody signed is pushed as it is, or not at all.
function refuseSigned(
  left: readonly Descriptor[],
  { roots, walk }: OciLayout,
  absent: readonly string[],
  index: ManifestNode,
): void {
  const gone = new Set(left.map(({ digest }) => digest));
  const subjects = new Set([
    ...roots.map(({ subject }) => subject),
    ...[...walk.nodes.values()].map(({ manifest }) => manifest.subject),
  ]);
  const isChanged = ({ planned }: ManifestNode) => closureContains(planned.digest, gone, walk);
  const { nodes } = closureOf(index.planned.digest, walk);
  const signed = nodes.find(
    (node) => node.manifest.kind === 'index' && subjects.has(node.planned.digest) && isChanged(node),
  );
  if (!signed) return;
  const { digest, entry } = signed.planned;
  const why = `a referrer in the tarball is about the index ${digest}, which therefore cannot be written again`;
  if (absent.length > 0) throw missingBlobs(absent, entry, `; ${why}`);
  throw new BlobMissing({ found: why, entry, expected: 'an index that nothing refers to', remedy: DROP_OR_ONLY });
}

function closureContains(digest: string, gone: ReadonlySet<string>, walk: LayoutWalk): boolean {
  return closureOf(digest, walk).nodes.some(({ planned }) => planned.children.some((child) => gone.has(child)));
}

function notThere(lacking: readonly string[], images: readonly PlatformImage[], { names, digest }: LayoutRoot) {
  const there = [...new Set(images.map(({ platform }) => shownPlatform(platform)))];
  return new RequestInvalid({
    found: `the image ${names[0]?.text ?? digest} has no platform ${lacking.join(', ')}`,
    expected: `"platforms" of those it has: ${there.join(', ')}`,
    remedy: 'Correct "platforms" in the request.',
  });
}

function leftOutNote({ digest }: LayoutRoot, left: readonly Descriptor[]): string[] {
  if (left.length === 0) return [];
  const shown = left.map((child) =>
    child.platform ? `${child.digest} (${shownPlatform(child.platform)})` : child.digest,
  );
  return [`Left out of ${digest}: ${shown.join(', ')}.`];
}
