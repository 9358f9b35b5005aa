import { LayerCorrupt, SlipwayError, Unsupported } from '../contract/errors';
import type { TarEntry } from '../tar/tar-index';
import { distinctBy } from './grouped';
import { imageFault } from './image-fault';
import { inParallel } from './in-parallel';
import type { Tarball } from './json-document';
import { emptyBlob } from './layout-blobs';
import { type ContentKind, kindOf, PEEK } from './magic';

/** The file of one layer of a docker archive. */
export interface LayerFile {
  readonly file: TarEntry;
  readonly kind: 'tar' | 'gzip' | 'zstd';
}

const MOST_READS = 16;

/**
 * Looks into the layers of these entry names, each file once: what it is, or why it is no layer (LinkInvalid, EmptyBlob,
 * Unsupported, LayerCorrupt). A name that the tarball lacks is left out.
 */
export async function lookIntoLayers(
  tarball: Tarball,
  names: readonly string[],
): Promise<ReadonlyMap<string, LayerFile | SlipwayError>> {
  const found = new Map([...new Set(names)].map((name) => [name, resolved(tarball, name)] as const));
  const files = [...found.values()].flatMap((file) => (!file || file instanceof SlipwayError ? [] : [file]));
  const distinct = distinctBy(files, ({ firstByte }) => firstByte);
  const looked = await inParallel(distinct, MOST_READS, (file) => kindOfFile(tarball, file).catch(imageFault));
  const kinds = new Map(distinct.map(({ firstByte }, at) => [firstByte, looked[at]]));
  return new Map(
    [...found].flatMap(([name, file]): [string, LayerFile | SlipwayError][] => {
      if (file === undefined || file instanceof SlipwayError) return file ? [[name, file]] : [];
      const kind = kinds.get(file.firstByte);
      if (kind === undefined) return [];
      return [[name, kind instanceof SlipwayError ? kind : { file, kind }]];
    }),
  );
}

function resolved({ index }: Tarball, name: string): TarEntry | SlipwayError | undefined {
  const member = index.find(name);
  try {
    return member && index.resolve(member);
  } catch (error) {
    return imageFault(error);
  }
}

async function kindOfFile({ reader }: Tarball, file: TarEntry): Promise<LayerFile['kind']> {
  if (file.size === 0) throw emptyBlob(file.name, file.headerOffset);
  const kind = kindOf(await reader.read(file.firstByte, Math.min(PEEK, file.size)));
  if (kind === 'tar' || kind === 'gzip' || kind === 'zstd') return kind;
  throw notALayer(file, kind);
}

function notALayer({ name: entry, firstByte: offset }: TarEntry, kind: ContentKind): SlipwayError {
  const expected = 'a tar, plain or compressed with gzip or zstd';
  if (kind === 'xz' || kind === 'bzip2') {
    const remedy = 'Registries have no name for such layers: save the image with gzip or zstd layers.';
    return new Unsupported({ found: `the layer is compressed with ${kind}`, entry, offset, expected, remedy });
  }
  const found = kind === 'json' ? 'the layer is a JSON document' : 'the layer is no tar and not compressed';
  const remedy = 'Save the image again with a current version of the tool that wrote it.';
  return new LayerCorrupt({ found, entry, offset, expected, remedy });
}
