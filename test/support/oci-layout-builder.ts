import {
  type Compression,
  configOf,
  digestOf,
  hexOf,
  type LayerOptions,
  type LayerParts,
  layersOf,
} from './image-parts';
import { directory, file, type Tarball, type TarMember, tarball } from './tar-writer';

/** A descriptor, with whatever else stands in it. https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface BuiltDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [more: string]: unknown;
}

/** An image manifest to be made. */
export interface LayoutImageOptions extends LayerOptions {
  /** How many to make, or the layers themselves; gzip where made. */
  readonly layers?: number | readonly LayerParts[];
  /** `linux/arm64`; it is put into the descriptor too. */
  readonly platform?: string;
  /** What the config says, where that is not what the layers are. */
  readonly diffIds?: readonly string[];
  /** Layer descriptors after the others, whose blobs are nobody's concern. */
  readonly moreLayers?: readonly BuiltDescriptor[];
  /** More fields of the manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/** What goes into the tarball beside the blobs. */
export interface LayoutOptions {
  /** Digests of blobs that are left out. */
  readonly without?: readonly string[];
  /** Put before each entry name: "./". */
  readonly prefix?: string;
  /** More fields of index.json. */
  readonly index?: Readonly<Record<string, unknown>>;
  /** More entries, at the end. */
  readonly extra?: readonly TarMember[];
}

const OCI = 'application/vnd.oci.image';
const LAYER: Record<Compression, string> = { none: '', gzip: '+gzip', zstd: '+zstd' };

/** Collects blobs and writes them as an OCI layout. */
export class OciLayoutBuilder {
  readonly #blobs = new Map<string, Buffer>();

  /** Adds any bytes. */
  blob(mediaType: string, content: string | Uint8Array): BuiltDescriptor {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** Adds an image manifest with its config and layers. */
  image({ layers = 1, platform, diffIds, moreLayers = [], manifest, ...options }: LayoutImageOptions = {}) {
    const made = typeof layers === 'number' ? layersOf(layers, { compression: 'gzip', ...options }) : layers;
    const [os = 'linux', architecture = 'amd64'] = (platform ?? 'linux/amd64').split('/');
    const config = configOf(diffIds ?? made.map(({ diffId }) => diffId), { os, architecture });
    const body = {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: this.blob(`${OCI}.config.v1+json`, config),
      layers: [
        ...made.map((layer) => this.blob(`${OCI}.layer.v1.tar${LAYER[layer.compression]}`, layer.stored)),
        ...moreLayers,
      ],
      ...manifest,
    };
    const descriptor = this.blob(String(body.mediaType), JSON.stringify(body));
    return platform === undefined ? descriptor : { ...descriptor, platform: { os, architecture } };
  }

  /** Adds what BuildKit says about the origin of a manifest. */
  attestation(about: BuiltDescriptor): BuiltDescriptor {
    const statement = JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', subject: about.digest });
    const config = this.blob(`${OCI}.config.v1+json`, configOf([digestOf(statement)]));
    const layers = [this.blob('application/vnd.in-toto+json', statement)];
    const mediaType = `${OCI}.manifest.v1+json`;
    const manifest = this.blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
    const annotations = {
      'vnd.docker.reference.digest': about.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    };
    return { ...manifest, platform: { os: 'unknown', architecture: 'unknown' }, annotations };
  }

  /** Adds an artifact that refers to a manifest, such as a signature. */
  referrer(subject: BuiltDescriptor, content = 'signature'): BuiltDescriptor {
    const mediaType = `${OCI}.manifest.v1+json`;
    const artifactType = 'application/vnd.example.signature';
    const config = this.blob('application/vnd.oci.empty.v1+json', '{}');
    const layers = [this.blob(artifactType, content)];
    const { digest, size } = subject;
    const about = { mediaType: subject.mediaType, digest, size };
    const body = { schemaVersion: 2, mediaType, artifactType, config, layers, subject: about };
    return { ...this.blob(mediaType, JSON.stringify(body)), artifactType };
  }

  /** Adds an index of manifests. */
  index(manifests: readonly BuiltDescriptor[], more: Readonly<Record<string, unknown>> = {}): BuiltDescriptor {
    const mediaType = `${OCI}.index.v1+json`;
    return this.blob(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, manifests, ...more }));
  }

  /** The bytes of a blob. */
  bytesOf({ digest }: Pick<BuiltDescriptor, 'digest'>): Buffer {
    return this.#blobs.get(digest) ?? Buffer.alloc(0);
  }

  /** The text of index.json. */
  indexJson(roots: readonly BuiltDescriptor[], more: LayoutOptions['index'] = {}): string {
    return JSON.stringify({ schemaVersion: 2, manifests: roots, ...more });
  }

  /** The entries of the layout: blobs, index.json, oci-layout. */
  members(roots: readonly BuiltDescriptor[], options: LayoutOptions = {}): TarMember[] {
    const { without = [], prefix = '', index = {}, extra = [] } = options;
    const kept = [...this.#blobs].filter(([digest]) => !without.includes(digest));
    return [
      directory(`${prefix}blobs`),
      directory(`${prefix}blobs/sha256`),
      ...kept.map(([digest, bytes]) => file(`${prefix}blobs/sha256/${hexOf(digest)}`, bytes)),
      file(`${prefix}index.json`, this.indexJson(roots, index)),
      file(`${prefix}oci-layout`, '{"imageLayoutVersion":"1.0.0"}'),
      ...extra,
    ];
  }

  /** The layout as a tarball. */
  tarball(roots: readonly BuiltDescriptor[], options?: LayoutOptions): Tarball {
    return tarball(this.members(roots, options));
  }
}

/** The descriptor with names, as containerd writes them (`full`), or as Jib and skopeo do (`ref`). */
export function named(descriptor: BuiltDescriptor, { full, ref }: { full?: string; ref?: string }): BuiltDescriptor {
  const annotations = {
    ...(full === undefined ? {} : { 'io.containerd.image.name': full }),
    ...(ref === undefined ? {} : { 'org.opencontainers.image.ref.name': ref }),
  };
  return { ...descriptor, annotations };
}

/** One image, or one for each platform under an index. */
export interface OciLayoutOptions extends LayoutImageOptions {
  readonly platforms?: readonly string[];
  /** Full image name, as containerd writes it. */
  readonly name?: string;
}

/** One image: `ociLayout({ layers: 2 })`, of several platforms where these are given. */
export function ociLayout({ platforms, name, ...image }: OciLayoutOptions = {}) {
  const builder = new OciLayoutBuilder();
  const { seed = 1 } = image;
  const root = platforms
    ? builder.index(platforms.map((platform, at) => builder.image({ ...image, seed: seed + at, platform })))
    : builder.image(image);
  const { digest, mediaType } = root;
  return { tarball: builder.tarball([name === undefined ? root : named(root, { full: name })]), digest, mediaType };
}
