import type { Place } from './errors';
import type { TagMutability } from './immutability';
import { blobsOf, type Manifest } from './manifest';

/** What CreateRepository was asked for; the configurations are kept as they came. */
export interface RepositorySettings {
  readonly name: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly imageTagMutability: TagMutability;
  readonly exclusionFilters: readonly string[];
  readonly scanOnPush: boolean;
  readonly encryptionType: string;
  readonly kmsKey?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A layer (or config) of one repository. */
export interface Layer {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** An image of one repository: the manifest as it came, and what was read from it. */
export interface Image {
  readonly manifest: string;
  readonly read: Manifest;
  /** Epoch seconds. */
  readonly pushedAt: number;
}

/** One repository in memory; {@link Catalog} keeps it and the disk in step. */
export class Repository implements Place {
  readonly layers = new Map<string, Layer>();
  readonly images = new Map<string, Image>();
  /** Digest by tag. */
  readonly tags = new Map<string, string>();
  /** Media type by layer digest, as the newest manifest that names it says. */
  readonly mediaTypes = new Map<string, string>();
  /** Number of images by the layer digest they name. */
  private readonly references = new Map<string, number>();

  constructor(
    readonly settings: RepositorySettings,
    readonly registryId: string,
  ) {}

  get repositoryName(): string {
    return this.settings.name;
  }

  addImage(image: Image): void {
    if (!this.images.has(image.read.digest)) this.count(image, 1);
    this.images.set(image.read.digest, image);
    for (const blob of blobsOf(image.read)) this.mediaTypes.set(blob.digest, blob.mediaType);
  }

  removeImage(image: Image): void {
    if (this.images.delete(image.read.digest)) this.count(image, -1);
    for (const tag of this.tagsOf(image.read.digest)) this.tags.delete(tag);
  }

  tagsOf(digest: string): string[] {
    return [...this.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
  }

  /** Tells whether some image names this layer. */
  isReferenced(layerDigest: string): boolean {
    return (this.references.get(layerDigest) ?? 0) > 0;
  }

  private count(image: Image, step: 1 | -1): void {
    for (const { digest } of blobsOf(image.read)) {
      this.references.set(digest, (this.references.get(digest) ?? 0) + step);
    }
  }
}
