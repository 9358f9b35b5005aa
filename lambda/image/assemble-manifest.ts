import { Internal } from '../contract/errors';
import type { AssembledManifest, PlannedBlob } from '../contract/push-plan';
import { sha256 } from './digest';
import {
  DOCKER_CONFIG,
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_LAYER_GZIP,
  OCI_LAYER_ZSTD,
  OCI_MANIFEST,
} from './media-type';

/** A manifest that Slipway wrote. */
export interface WrittenManifest {
  /** Its exact bytes, as text. */
  readonly body: string;
  readonly digest: string;
  readonly mediaType: string;
}

interface Family {
  readonly manifest: string;
  readonly config: string;
  readonly gzip: string;
}

// Docker's types, because the config of a docker archive is one of Docker's: HEALTHCHECK, SHELL and ONBUILD are defined
// there alone. OCI's where a layer is zstd, which Docker's have no name for.
const DOCKER: Family = { manifest: DOCKER_MANIFEST, config: DOCKER_CONFIG, gzip: DOCKER_LAYER_GZIP };
const OCI: Family = { manifest: OCI_MANIFEST, config: OCI_CONFIG, gzip: OCI_LAYER_GZIP };

/**
 * Writes the manifest of a docker archive, always the same for the same layers. `blobs` by digest; `staged`: the
 * compressed plain layers by diffId.
 */
export function assembleManifest(
  image: AssembledManifest,
  blobs: ReadonlyMap<string, Pick<PlannedBlob, 'size'>>,
  staged: ReadonlyMap<string, { readonly digest: string; readonly size: number }>,
): WrittenManifest {
  const family = image.layers.some((layer) => 'mediaType' in layer && layer.mediaType === OCI_LAYER_ZSTD)
    ? OCI
    : DOCKER;
  const layers = image.layers.map((layer) => {
    if ('digest' in layer) {
      return { mediaType: layer.mediaType, size: known(blobs, layer.digest).size, digest: layer.digest };
    }
    const { size, digest } = known(staged, layer.diffId);
    return { mediaType: family.gzip, size, digest };
  });
  const config = { mediaType: family.config, size: known(blobs, image.config).size, digest: image.config };
  const body = JSON.stringify({ schemaVersion: 2, mediaType: family.manifest, config, layers });
  return { body, digest: sha256(body), mediaType: family.manifest };
}

/** Media types of the compressed layers of one image, so that all are of one family. */
export function layerMediaTypes(kinds: readonly ('gzip' | 'zstd' | 'tar')[]): { gzip: string; zstd: string } {
  const { gzip } = kinds.includes('zstd') ? OCI : DOCKER;
  return { gzip, zstd: OCI_LAYER_ZSTD };
}

function known<T>(of: ReadonlyMap<string, T>, digest: string): T {
  const found = of.get(digest);
  if (found) return found;
  throw new Internal({ found: `the plan does not hold ${digest}`, remedy: 'Report this as a bug.' });
}
