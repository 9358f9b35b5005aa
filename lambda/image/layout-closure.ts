import type { SlipwayError } from '../contract/errors';
import type { VerbatimManifest, WrittenManifest } from '../contract/push-plan';
import type { LayoutWalk, ManifestNode } from './layout-walk';

/** All that must be in the repository for one root manifest. */
export interface Closure {
  /** Children before parents, a subject before what refers to it, the root last. */
  readonly nodes: readonly ManifestNode[];
  /** Digests of the manifests and blobs that the tarball lacks. */
  readonly absent: readonly string[];
  /** What is wrong with one of those that it has. */
  readonly fault?: SlipwayError;
}

/** The closure of a manifest, as far as the tarball has it. */
export function closureOf(
  root: string,
  { nodes, blobs, inline, faults }: Pick<LayoutWalk, 'nodes' | 'blobs' | 'inline' | 'faults'>,
): Closure {
  const members = membersOf(root, nodes);
  const ordered = inOrder(root, members);
  const isAbsent = (digest: string) => !nodes.has(digest) && !faults.has(digest);
  const needed = ordered.flatMap(({ planned, fault }) => [
    ...planned.children.filter(isAbsent),
    // What is there and broken is not absent.
    ...(fault ? [] : planned.blobs.filter((digest) => !blobs.has(digest) && !inline.has(digest))),
  ]);
  const fault = faultIn(root, ordered, faults);
  return { nodes: ordered, absent: isAbsent(root) ? [root] : [...new Set(needed)], ...(fault ? { fault } : {}) };
}

/** The manifests of a closure, to push in their order. */
export function manifestsOf({ nodes }: Closure): (VerbatimManifest | WrittenManifest)[] {
  return nodes.map(({ planned }) => planned);
}

function faultIn(
  root: string,
  nodes: readonly ManifestNode[],
  faults: ReadonlyMap<string, SlipwayError>,
): SlipwayError | undefined {
  const mentioned = [root, ...nodes.flatMap(({ planned }) => planned.children)];
  const unreadable = mentioned.map((digest) => faults.get(digest)).find((fault) => fault);
  return unreadable ?? nodes.find(({ fault }) => fault)?.fault;
}

function membersOf(root: string, nodes: ReadonlyMap<string, ManifestNode>): Map<string, ManifestNode> {
  const members = new Map<string, ManifestNode>();
  // A Set may grow while it is walked, and yields what was added.
  const reached = new Set([root]);
  for (const digest of reached) {
    const node = nodes.get(digest);
    if (!node) continue;
    members.set(digest, node);
    for (const child of node.planned.children) reached.add(child);
  }
  return members;
}

// Digests cannot form a circle, so each round of the loop ends deeper or done.
function inOrder(root: string, members: ReadonlyMap<string, ManifestNode>): ManifestNode[] {
  const done = new Map<string, ManifestNode>();
  const waiting = [root];
  for (let digest = waiting.at(-1); digest !== undefined; digest = waiting.at(-1)) {
    const node = members.get(digest);
    const first = node && !done.has(digest) ? needsFirst(node, members).filter((need) => !done.has(need)) : [];
    if (first.length > 0) {
      waiting.push(...first.toReversed());
      continue;
    }
    waiting.pop();
    if (node) done.set(digest, node);
  }
  return [...done.values()];
}

function needsFirst({ planned, manifest }: ManifestNode, members: ReadonlyMap<string, ManifestNode>): string[] {
  const subject = manifest.subject === undefined ? [] : [manifest.subject];
  return [...planned.children, ...subject].filter((digest) => members.has(digest));
}
