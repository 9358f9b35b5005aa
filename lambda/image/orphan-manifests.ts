import type { TarEntry } from '../tar/tar-index';
import { type Descriptor, parseDescriptor } from './descriptor';
import { digestInName } from './digest';
import { inParallel } from './in-parallel';
import { type JsonDocument, readDocument, type Tarball } from './json-document';
import { JsonNode } from './json-node';
import { LayoutWalk } from './layout-walk';
import { kindOf, PEEK } from './magic';
import type { OciLayout } from './oci-layout';

const MOST_READS = 16;
/** Bytes of the largest manifest that ECR takes. */
const LARGEST = 4_194_304;

/**
 * The images of a layout whose index.json lists none, as rules_oci writes it where no tag is given: the manifests among
 * the blobs that no other one names. https://github.com/bazel-contrib/rules_oci/blob/main/oci/private/tarball.sh.tpl
 */
export async function readOrphans(tarball: Tarball): Promise<OciLayout> {
  const walk = new LayoutWalk(tarball);
  const manifests = await manifestsAmongBlobs(tarball);
  await walk.from(manifests);
  const children = new Set([...walk.nodes.values()].flatMap(({ planned }) => planned.children));
  const orphans = manifests.filter(({ digest }) => !children.has(digest));
  const roots = orphans.map(({ digest }): OciLayout['roots'][number] => {
    const subject = walk.nodes.get(digest)?.manifest.subject;
    return { digest, names: [], ...(subject === undefined ? {} : { subject }) };
  });
  // A referrer comes after what it is about.
  const ordered = [...roots.filter(({ subject }) => !subject), ...roots.filter(({ subject }) => subject)];
  const note = 'index.json lists no image: the manifests among the blobs were taken that no other manifest names.';
  return { roots: ordered, walk, notes: roots.length === 0 ? [] : [note] };
}

async function manifestsAmongBlobs(tarball: Tarball): Promise<Descriptor[]> {
  const names = new Set(tarball.index.entries.map(({ name }) => name));
  const blobs = [...names].flatMap((name) => {
    const entry = /^blobs\/sha256\/[a-f0-9]{64}$/.test(name) ? tarball.index.find(name) : undefined;
    const file = entry && tarball.index.resolve(entry);
    return file && file.size > 0 && file.size <= LARGEST ? [{ name, file }] : [];
  });
  const found = await inParallel(blobs, MOST_READS, async ({ name, file }) => {
    const document = await jsonIn(tarball, file);
    if (!document || !isManifest(document.root.value)) return undefined;
    const { mediaType } = document.root.value;
    return parseDescriptor(new JsonNode({ digest: digestInName(name), size: file.size, mediaType }, name));
  });
  return found.filter((descriptor) => descriptor !== undefined);
}

async function jsonIn(tarball: Tarball, file: TarEntry): Promise<JsonDocument | undefined> {
  const head = await tarball.reader.read(file.firstByte, Math.min(PEEK, file.size));
  if (kindOf(head) !== 'json') return undefined;
  // A layer may well begin with a bracket: what is no JSON is no manifest.
  return readDocument(tarball, file).catch(() => undefined);
}

function isManifest(value: unknown): value is { mediaType?: unknown } {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return false;
  return 'manifests' in value || ('config' in value && 'layers' in value);
}
