import { EntryConflict, Internal, SlipwayError } from '../contract/errors';
import type { PlainLayer, PlannedBlob } from '../contract/push-plan';
import type { TarEntry } from '../tar/tar-index';
import { diffIdClaims } from './diff-id-claims';
import { digestInName, sha256OfRange } from './digest';
import { grouped } from './grouped';
import { inParallel } from './in-parallel';
import type { Tarball } from './json-document';
import type { LayerFile, lookIntoLayers } from './layer-files';

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

const MOST_HASHED = 4;
const REMEDY = 'Save the image again with a current version of the tool that wrote it.';

type LayerFiles = Awaited<ReturnType<typeof lookIntoLayers>>;

/**
 * The layers of sound images. Plain ones are to be compressed, unless `preserve` has them sent as they lie. A compressed
 * one whose name carries no digest is read whole and hashed. EntryConflict where two entries of different sizes claim
 * one diffId.
 */
export async function readArchiveLayers(
  tarball: Tarball,
  files: LayerFiles,
  wanted: readonly Wanted[],
  preserve: boolean,
): Promise<ArchiveLayers> {
  const isPlain = ({ name }: Wanted) => fileOf(files, name).kind === 'tar';
  const plain = distinctPlain(wanted.filter(isPlain).map((layer) => ({ ...layer, ...fileOf(files, layer.name) })));
  const packed = wanted.filter((layer) => !isPlain(layer));
  const digests = await digestsOf(tarball, packed, files);
  const digestOf = ({ name }: Wanted) => digests.get(fileOf(files, name).file.firstByte) ?? '';
  const compressed = [...grouped(packed, digestOf)].flatMap(([digest, [first, ...others]]): PlannedBlob[] => {
    if (!first) return [];
    const { size, name: entry, firstByte } = fileOf(files, first.name).file;
    return [{ digest, size, entry, firstByte, ...diffIdClaims([first, ...others].map(({ diffId }) => diffId)) }];
  });
  // The digest of a plain layer, sent as it lies, is its diffId.
  const asTheyLie = plain.map(({ diffId: digest, ...layer }) => ({ digest, ...layer }));
  return {
    staged: preserve ? [] : plain,
    blobs: preserve ? [...asTheyLie, ...compressed] : compressed,
    of: (name, diffId) => {
      const { file, kind } = fileOf(files, name);
      if (kind !== 'tar') return { kind, digest: digests.get(file.firstByte) ?? '' };
      return preserve ? { kind, digest: diffId } : { kind: 'staged', diffId };
    },
  };
}

function fileOf(files: LayerFiles, name: string): LayerFile {
  const file = files.get(name);
  if (file && !(file instanceof SlipwayError)) return file;
  throw new Internal({ found: `layer "${name}" was not looked into`, remedy: 'Report this as a bug.' });
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
async function digestsOf(tarball: Tarball, packed: readonly Wanted[], files: LayerFiles) {
  const byFirstByte = new Map(packed.map((layer) => [fileOf(files, layer.name).file.firstByte, layer]));
  const digests = await inParallel([...byFirstByte], MOST_HASHED, async ([firstByte, { name, diffId }]) => {
    const { file } = fileOf(files, name);
    // A name can carry the diffId instead (podman, skopeo). A digest it carries is compared with the bytes later on.
    const claimed = [digestInName(file.name), digestInName(name)].find((digest) => digest && digest !== diffId);
    return [firstByte, claimed ?? (await sha256OfRange(tarball.reader, firstByte, file.size))] as const;
  });
  return new Map(digests);
}
