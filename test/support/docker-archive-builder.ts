import { configOf, digestOf, hexOf, type LayerOptions, type LayerParts, layersOf } from './image-parts';
import { directory, file, hardlink, symlink, type Tarball, type TarMember, tarball } from './tar-writer';

/**
 * Whose archive it looks like: docker up to 24 (`<id>/layer.tar`, symlinks for repeated layers), podman (`<diffId>.tar`
 * and link aliases), ggcr (crane, kaniko, ko), Jib, nix, rules_oci, or one with hard links for repeated layers.
 */
export type ArchiveStyle = 'docker' | 'podman' | 'ggcr' | 'jib' | 'nix' | 'rules-oci' | 'hardlinks';

/** One image of an archive. */
interface ArchiveImageOptions extends LayerOptions {
  /** How many to make, or the layers themselves. */
  readonly layers?: number | readonly LayerParts[];
  /** `null` as docker writes it for an image saved by id. */
  readonly tags?: readonly string[] | null;
  /** What the config says, where that is not what the layers are. */
  readonly diffIds?: readonly string[];
}

/** An archive; without `images` it has one, made from the rest. */
export interface DockerArchiveOptions extends ArchiveImageOptions {
  readonly style?: ArchiveStyle;
  readonly images?: readonly ArchiveImageOptions[];
  /** Whether the names inside manifest.json, and those of the entries, are left out. */
  readonly without?: (name: string) => boolean;
  /** Put before each entry name: "./". */
  readonly prefix?: string;
  /** In the style of docker: VERSION and json beside each layer, and the entries in the order of their names. */
  readonly upTo24?: boolean;
  /** Spaces that manifest.json is indented by. */
  readonly indent?: number;
  /** More entries, at the end. */
  readonly extra?: readonly TarMember[];
}

/** What an image in an archive is made of. */
export interface ArchiveImageParts {
  readonly config: Buffer;
  readonly configDigest: string;
  readonly layers: readonly LayerParts[];
}

/** A tarball and what it holds. */
interface DockerArchive {
  readonly tarball: Tarball;
  readonly images: readonly ArchiveImageParts[];
  /** What manifest.json says. */
  readonly list: readonly ListedImage[];
}

/** An item of manifest.json. */
interface ListedImage {
  readonly Config: string;
  readonly RepoTags: readonly string[] | null;
  readonly Layers: readonly string[];
}

/** A docker archive: `dockerArchive({ layers: 2, style: 'podman' })`. */
export function dockerArchive({ style = 'docker', images, without, prefix = '', ...rest }: DockerArchiveOptions = {}) {
  const { extra = [], upTo24 = false, indent, ...only } = rest;
  const specs = images ?? [only];
  const entries = new ArchiveEntries(style, prefix, without ?? (() => false), upTo24);
  const parts = specs.map((spec) => imageParts(spec));
  const list = parts.map((image, at) => entries.add(image, specs[at]?.tags));
  const manifestJson = file(`${prefix}manifest.json`, JSON.stringify(list, undefined, indent));
  const members = [...entries.members(), manifestJson, ...extra];
  return { tarball: tarball(members), images: parts, list } satisfies DockerArchive;
}

function imageParts({ layers = 1, diffIds, tags: _, ...options }: ArchiveImageOptions): ArchiveImageParts {
  const made = typeof layers === 'number' ? layersOf(layers, options) : layers;
  const config = configOf(diffIds ?? made.map(({ diffId }) => diffId));
  return { config, configDigest: digestOf(config), layers: made };
}

class ArchiveEntries {
  readonly #members: { readonly name: string; readonly member: TarMember }[] = [];
  readonly #firstName = new Map<string, string>();
  readonly #written = new Set<string>();

  constructor(
    readonly style: ArchiveStyle,
    readonly prefix: string,
    readonly without: (name: string) => boolean,
    readonly upTo24: boolean,
  ) {}

  members(): TarMember[] {
    const ordered = this.upTo24
      ? this.#members.toSorted((one, other) => (one.name < other.name ? -1 : 1))
      : this.#members;
    return ordered.map(({ member }) => member);
  }

  add(
    { config, configDigest, layers }: ArchiveImageParts,
    tags: readonly string[] | null = ['example/app:1'],
  ): ListedImage {
    const configName = configNames[this.style](hexOf(configDigest));
    this.#write(configName, () => file(`${this.prefix}${configName}`, config));
    const names = layers.map((layer, at) => this.#layer(layer, `${hexOf(configDigest)} ${at}`));
    return { Config: configName, RepoTags: tags, Layers: names };
  }

  #layer(layer: LayerParts, place: string): string {
    const id = hexOf(digestOf(place));
    const first = this.#firstName.get(layer.digest);
    const isOwnFolder = this.style === 'docker' || this.style === 'nix' || this.style === 'hardlinks';
    const name = isOwnFolder ? `${id}/layer.tar` : layerNames[this.style](layer);
    if (this.style === 'docker') this.#write(id, () => directory(`${this.prefix}${id}`));
    if (this.upTo24) {
      this.#write(`${id}/VERSION`, () => file(`${this.prefix}${id}/VERSION`, '1.0'));
      this.#write(`${id}/json`, () => file(`${this.prefix}${id}/json`, JSON.stringify({ id, os: 'linux' })));
    }
    this.#write(name, () => this.#repeated(name, first) ?? file(`${this.prefix}${name}`, layer.stored));
    if (!first) this.#firstName.set(layer.digest, name);
    if (this.style !== 'podman') return name;
    const alias = `${id}/layer.tar`;
    this.#write(alias, () => symlink(`${this.prefix}${alias}`, `../${name}`));
    return name;
  }

  #repeated(name: string, first: string | undefined): TarMember | undefined {
    if (!first) return undefined;
    if (this.style === 'hardlinks') return hardlink(`${this.prefix}${name}`, first);
    return this.style === 'docker' ? symlink(`${this.prefix}${name}`, `../${first}`) : undefined;
  }

  #write(name: string, member: () => TarMember): void {
    if (this.#written.has(name) || this.without(name)) return;
    this.#written.add(name);
    this.#members.push({ name, member: member() });
  }
}

const json = (hex: string) => `${hex}.json`;
const configNames: Record<ArchiveStyle, (hex: string) => string> = {
  docker: json,
  podman: json,
  nix: json,
  hardlinks: json,
  ggcr: (hex) => `sha256:${hex}`,
  jib: () => 'config.json',
  'rules-oci': (hex) => `blobs/sha256/${hex}`,
};

const layerNames: Record<Exclude<ArchiveStyle, 'docker' | 'nix' | 'hardlinks'>, (layer: LayerParts) => string> = {
  podman: ({ diffId }) => `${hexOf(diffId)}.tar`,
  ggcr: ({ digest, compression }) => `${hexOf(digest)}.tar${{ none: '', gzip: '.gz', zstd: '.zst' }[compression]}`,
  jib: ({ digest }) => `${hexOf(digest)}.tar.gz`,
  'rules-oci': ({ digest }) => `blobs/sha256/${hexOf(digest)}.tar.gz`,
};
