import type { Descriptor } from './descriptor';
import { ATTESTED } from './layout-roots';
import type { LayoutWalk, ManifestNode } from './layout-walk';
import { writtenIndex } from './planned-manifest';

/** An index without some of its children. */
export interface RewrittenIndex {
  /** The index as it is where it keeps all; absent where it would keep none. */
  readonly node?: ManifestNode;
  /** Children, at any depth, that are left out. */
  readonly left: readonly Descriptor[];
}

type Keeps = (child: Descriptor) => boolean;

/**
 * Leaves out children, at any depth, that `keeps` refuses, and attestations of these. The indexes that have to be
 * written again are added to the walk.
 */
export function rewriteIndex(index: ManifestNode, walk: LayoutWalk, keeps: Keeps): RewrittenIndex {
  // Each index once, however often it is named.
  const done = new Map<string, RewrittenIndex>();
  const rewrite = (node: ManifestNode): RewrittenIndex => {
    const known = done.get(node.planned.digest);
    if (known) return known;
    const rewritten = withoutSome(node, walk, keeps, rewrite);
    done.set(node.planned.digest, rewritten);
    return rewritten;
  };
  return rewrite(index);
}

interface Part {
  readonly child: Descriptor;
  /** Its place in the index. */
  readonly at: number;
  readonly isKept: boolean;
  /** What it leads to, where that is an index. */
  readonly below?: ManifestNode;
  readonly left: readonly Descriptor[];
}

function withoutSome(
  node: ManifestNode,
  walk: LayoutWalk,
  keeps: Keeps,
  rewrite: (node: ManifestNode) => RewrittenIndex,
): RewrittenIndex {
  const { manifest, root } = node;
  if (manifest.kind !== 'index' || !root) return { node, left: [] };
  const parts = manifest.manifests.map((child, at): Part => partOf(child, at, walk, keeps, rewrite));
  const gone = new Set(parts.flatMap(({ child, isKept }) => (isKept ? [] : [child.digest])));
  const [kept, others] = [true, false].map((wanted) =>
    parts.filter(({ child, isKept }) => (isKept && !gone.has(child.annotations.get(ATTESTED) ?? '')) === wanted),
  ) as [Part[], Part[]];
  const left = [
    ...kept.flatMap((part) => part.left),
    ...others.flatMap((part) => (part.left.length > 0 ? part.left : [part.child])),
  ];
  if (kept.length === 0) return { left };
  if (left.length === 0) return { node, left };
  const children = kept.map(({ child, below }) => (below ? pointedAt(child, below) : child));
  const values = root.field('manifests').items();
  const descriptors = kept.map(({ at }, place) => descriptorOf(values[at]?.value, children[place]));
  const changed = { ...manifest, manifests: children };
  const planned = writtenIndex(root, changed, descriptors);
  const written = { planned, manifest: changed, root };
  walk.nodes.set(planned.digest, written);
  return { node: written, left };
}

function partOf(
  child: Descriptor,
  at: number,
  walk: LayoutWalk,
  keeps: Keeps,
  rewrite: (node: ManifestNode) => RewrittenIndex,
): Part {
  const node = walk.nodes.get(child.digest);
  if (node?.manifest.kind !== 'index') return { child, at, isKept: keeps(child), left: [] };
  const { node: below, left } = rewrite(node);
  return { child, at, isKept: below !== undefined, left, ...(below ? { below } : {}) };
}

function pointedAt(child: Descriptor, { planned }: ManifestNode): Descriptor {
  const size = planned.kind === 'written' ? Buffer.byteLength(planned.body) : planned.size;
  return { ...child, digest: planned.digest, size };
}

// A descriptor stays as it lies, unless what it names had to be written again.
function descriptorOf(value: unknown, child: Descriptor | undefined): unknown {
  const { data: _, ...descriptor } = value as Record<string, unknown>;
  if (!child || descriptor.digest === child.digest) return value;
  return { ...descriptor, digest: child.digest, size: child.size };
}
