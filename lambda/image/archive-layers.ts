import { EntryConflict, Internal, LayerCorrupt, Unsupported } from '../contract/errors';
import type { PlainLayer, PlannedBlob } from '../contract/push-plan';
import type { TarEntry } from '../tar/tar-index';
import { diffIdClaims } from './diff-id-claims';
import { digestInName, sha256OfRange } from './digest';
import { distinctBy, grouped } from './grouped';
import { inParallel } from './in-parallel';
import type { Tarball } from './json-document';
import { emptyBlob } from './layout-blobs';
import { type ContentKind, kindOf, PEEK } from './magic';

/** One layer of one image of a docker archive. */
type ArchiveLayer =
  | { readonly kind: 'staged'; readonly diffId: string }
  | { readonly kind: 'tar' | 'gzip' | 'zstd'; readonly digest: string };

/** The layers of a docker archive, by what their bytes are. */
export interface ArchiveLayers {
  /** Plain layers to compress, distinct by diffId. */
  readonly staged: readonly PlainLayer[];
  /** Layers to send as they lie, plain ones and compressed ones each distinct by digest. */
  readonly blobs: readonly PlannedBlob[];
  /** One layer, by entry name and diffId. */
  of(name: string, diffId: string): ArchiveLayer;
}

interface Wanted {
  readonly name: string;
  readonly diffId: string;
}

const MOST_READS = 16;
const MOST_HASHED = 4;
const REMEDY = 'Save the image again with a current version of the tool that wrote it.';

/**
 * Looks into each layer. Plain ones are to be compressed, unless `preserve` has them sent as they lie. A compressed one whose name carries no digest is read whole and hashed. EmptyBlob, Unsupported
 * or LayerCorrupt by content; EntryConflict where two entries of different sizes claim one diffId.
 */
export async function readArchiveLayers(
  tarball: Tarball,
  wanted: readonly Wanted[],
  preserve: boolean,
): Promise<ArchiveLayers> {
  const files = filesOf(tarball, wanted);
  const distinct = distinctBy(files.values(), ({ firstByte }) => firstByte);
  const heads = await inParallel(distinct, MOST_READS, (file) => kindOfFile(tarball, file));
  const kinds = new Map(distinct.map((file, at) => [file.firstByte, heads[at]]));
  const isPlain = ({ name }: Wanted) => kinds.get(fileOf(files, name).firstByte) === 'tar';
  const plain = distinctPlain(wanted.filter(isPlain).map((layer) => ({ ...layer, file: fileOf(files, layer.name) })));
  const packed = wanted.filter((layer) => !isPlain(layer));
  const digests = await digestsOf(tarball, packed, files);
  const digestOf = ({ name }: Wanted) => digests.get(fileOf(files, name).firstByte) ?? '';
  const compressed = [...grouped(packed, digestOf)].flatMap(([digest, [first, ...others]]): PlannedBlob[] => {
    if (!first) return [];
    const { size, name: entry, firstByte } = fileOf(files, first.name);
    return [{ digest, size, entry, firstByte, ...diffIdClaims([first, ...others].map(({ diffId }) => diffId)) }];
  });
  // The digest of a plain layer, sent as it lies, is its diffId.
  const asTheyLie = plain.map(({ diffId: digest, ...layer }) => ({ digest, ...layer }));
  return {
    staged: preserve ? [] : plain,
    blobs: preserve ? [...asTheyLie, ...compressed] : compressed,
    of: (name, diffId) => {
      const { firstByte } = fileOf(files, name);
      const kind = kinds.get(firstByte) ?? 'tar';
      if (kind !== 'tar') return { kind, digest: digests.get(firstByte) ?? '' };
      return preserve ? { kind, digest: diffId } : { kind: 'staged', diffId };
    },
  };
}

function filesOf({ index }: Tarball, wanted: readonly Wanted[]): Map<string, TarEntry> {
  const files = new Map<string, TarEntry>();
  for (const { name } of wanted) {
    const member = index.find(name);
    if (member && !files.has(name)) files.set(name, index.resolve(member));
  }
  return files;
}

function fileOf(files: ReadonlyMap<string, TarEntry>, name: string): TarEntry {
  const file = files.get(name);
  if (file) return file;
  throw new Internal({ found: `layer "${name}" was not looked up`, remedy: 'Report this as a bug.' });
}

async function kindOfFile({ reader }: Tarball, file: TarEntry): Promise<'tar' | 'gzip' | 'zstd'> {
  if (file.size === 0) throw emptyBlob(file.name, file.headerOffset);
  const kind = kindOf(await reader.read(file.firstByte, Math.min(PEEK, file.size)));
  if (kind === 'tar' || kind === 'gzip' || kind === 'zstd') return kind;
  throw notALayer(file, kind);
}

function notALayer({ name: entry, firstByte: offset }: TarEntry, kind: ContentKind) {
  const expected = 'a tar, plain or compressed with gzip or zstd';
  if (kind === 'xz' || kind === 'bzip2') {
    const remedy = 'Registries have no name for such layers: save the image with gzip or zstd layers.';
    return new Unsupported({ found: `the layer is compressed with ${kind}`, entry, offset, expected, remedy });
  }
  const found = kind === 'json' ? 'the layer is a JSON document' : 'the layer is no tar and not compressed';
  return new LayerCorrupt({ found, entry, offset, expected, remedy: REMEDY });
}

function distinctPlain(layers: readonly (Wanted & { readonly file: TarEntry })[]): PlainLayer[] {
  const plain = new Map<string, PlainLayer>();
  for (const { diffId, file } of layers) {
    const { size, name: entry, firstByte } = file;
    const earlier = plain.get(diffId);
    if (!earlier) plain.set(diffId, { diffId, size, entry, firstByte });
    else if (earlier.size !== size) throw conflict(earlier, file);
  }
  return [...plain.values()];
}

function conflict({ diffId, size, entry }: PlainLayer, file: TarEntry): EntryConflict {
  return new EntryConflict({
    found: `the layer of ${file.size} bytes claims the diffId ${diffId}`,
    entry: file.name,
    offset: file.firstByte,
    expected: `${size} bytes, as entry "${entry}" has for the same diffId`,
    remedy: REMEDY,
  });
}

/** Digests of compressed layers, by first byte. */
async function digestsOf(tarball: Tarball, packed: readonly Wanted[], files: ReadonlyMap<string, TarEntry>) {
  const byFirstByte = new Map(packed.map((layer) => [fileOf(files, layer.name).firstByte, layer]));
  const digests = await inParallel([...byFirstByte], MOST_HASHED, async ([firstByte, { name, diffId }]) => {
    const file = fileOf(files, name);
    // A name can carry the diffId instead (podman, skopeo). A digest it carries is compared with the bytes later on.
    const claimed = [digestInName(file.name), digestInName(name)].find((digest) => digest && digest !== diffId);
    return [firstByte, claimed ?? (await sha256OfRange(tarball.reader, firstByte, file.size))] as const;
  });
  return new Map(digests);
}
