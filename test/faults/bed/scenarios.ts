import { gzipSync } from 'node:zlib';
import { dockerArchive } from '../../support/docker-archive-builder';
import { layerOf } from '../../support/image-parts';
import { type BuiltDescriptor, OciLayoutBuilder } from '../../support/oci-layout-builder';
import type { Scenario } from './fault-plan';

/** Bytes of a part in the bed: small, for what is tested is the order of things and not their size. */
export const PART_SIZE = 64 * 1024;

/** A tarball of a run. */
export interface Dropped {
  readonly bytes: Buffer;
  /** Digest of the root manifest, where the tarball has one. */
  readonly digest?: string;
  /** Layers and configs, each once, where they are sent as they lie. */
  readonly blobs?: readonly { readonly digest: string; readonly size: number }[];
  /** Bytes of all layers and configs, each once. */
  readonly size: number;
  /** End of the key, which says how it is compressed, to people. */
  readonly extension: string;
}

/** A tarball that no other run has dropped; its layers have three parts each, and its config a secret in it. */
export function tarballOf(scenario: Scenario, seed: number): Dropped {
  const layerSize = Math.floor(2.5 * PART_SIZE);
  const [one, two, three] = [1, 2, 3].map((at) => layerOf({ seed: seed * 10 + at, size: layerSize }));
  if (!one || !two || !three) throw new Error('three layers were made');
  if (scenario !== 'layout') {
    const { tarball, images } = dockerArchive({ layers: [one, two] });
    const configs = images.reduce((sum, { config }) => sum + config.length, 0);
    const layers = one.stored.length + two.stored.length;
    const [bytes, size] = [tarball.toBuffer(), layers + configs];
    return scenario === 'early'
      ? { bytes, size, extension: 'tar' }
      : { bytes: gzipSync(bytes), size, extension: 'tar.gz' };
  }
  const builder = new OciLayoutBuilder();
  const platforms = [
    builder.image({ layers: [one, two], platform: 'linux/amd64' }),
    builder.image({ layers: [one, three], platform: 'linux/arm64' }),
  ];
  const root = builder.index(platforms);
  const blobs = [
    ...new Map(platforms.flatMap((platform) => blobsOf(builder, platform)).map((blob) => [blob.digest, blob])),
  ].map(([, blob]) => blob);
  const bytes = builder.tarball([root]).toBuffer();
  return { bytes, digest: root.digest, blobs, size: sizeOf(blobs), extension: 'tar' };
}

function blobsOf(builder: OciLayoutBuilder, manifest: BuiltDescriptor): BuiltDescriptor[] {
  const { config, layers } = JSON.parse(builder.bytesOf(manifest).toString());
  return [config, ...layers];
}

function sizeOf(blobs: readonly { readonly size: number }[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
