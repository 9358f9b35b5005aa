import { dockerArchive } from './docker-archive-builder';
import type { Compression } from './image-parts';
import { ociLayout } from './oci-layout-builder';
import type { Tarball } from './tar-writer';

/** What kind of image tarball a test needs, where the details do not matter. */
export interface ImageTarballOptions {
  /** OCI layout where absent. */
  readonly format?: 'oci' | 'docker';
  readonly layers?: number;
  /** Bytes of each layer, about; they do not compress. */
  readonly size?: number;
  /** gzip in an OCI layout and none in a docker archive, where absent. */
  readonly compression?: Compression;
  /** Images of different seeds have different layers. */
  readonly seed?: number;
  /** How the tarball itself calls the image. */
  readonly name?: string;
}

/** A tarball with one image: `imageTarball({ layers: 2 })`. */
export function imageTarball({ format = 'oci', name, ...image }: ImageTarballOptions = {}): Tarball {
  if (format === 'oci') return ociLayout({ ...image, ...(name === undefined ? {} : { name }) }).tarball;
  return dockerArchive({ ...image, tags: name === undefined ? null : [name] }).tarball;
}
