import { Internal } from '../contract/errors';
import type { AssembledManifest, PlannedBlob, WrittenManifest } from '../contract/push-plan';
import type { StagedLayer } from '../contract/upload-plan';
import { sha256 } from './digest';
import {
  DOCKER_CONFIG,
  DOCKER_LAYER,
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_LAYER,
  OCI_LAYER_GZIP,
  OCI_LAYER_ZSTD,
  OCI_MANIFEST,
} from './media-type';

interface Family {
  readonly manifest: string;
  readonly config: string;
  readonly gzip: string;
  readonly plain: string;
}

// Docker's types, because the config of a docker archive is one of Docker's: HEALTHCHECK, SHELL and ONBUILD are defined
// there alone. OCI's where a layer is zstd, which Docker's have no name for.
const DOCKER: Family = {
  manifest: DOCKER_MANIFEST,
  config: DOCKER_CONFIG,
  gzip: DOCKER_LAYER_GZIP,
  plain: DOCKER_LAYER,
};
const OCI: Family = { manifest: OCI_MANIFEST, config: OCI_CONFIG, gzip: OCI_LAYER_GZIP, plain: OCI_LAYER };

/**
 * Writes the manifest of a docker archive, always the same for the same layers. `blobs` by digest; `staged`: the
 * compressed plain layers by diffId.
 */
export function assembleManifest(
  image: AssembledManifest,
  blobs: ReadonlyMap<string, Pick<PlannedBlob, 'size'>>,
  staged: ReadonlyMap<string, Pick<StagedLayer, 'digest' | 'size' | 'compression'>>,
): Pick<WrittenManifest, 'body' | 'digest' | 'mediaType'> {
  const isZstd = image.layers.some((layer) =>
    'mediaType' in layer ? layer.mediaType === OCI_LAYER_ZSTD : known(staged, layer.diffId).compression === 'zstd',
  );
  const family = isZstd ? OCI : DOCKER;
  const layers = image.layers.map((layer) => {
    if ('urls' in layer) {
      return { mediaType: layer.mediaType, size: layer.size, digest: layer.digest, urls: layer.urls };
    }
    if ('digest' in layer) {
      return { mediaType: layer.mediaType, size: known(blobs, layer.digest).size, digest: layer.digest };
    }
    const { size, digest, compression } = known(staged, layer.diffId);
    return { mediaType: compression === 'zstd' ? OCI_LAYER_ZSTD : family.gzip, size, digest };
  });
  const config = { mediaType: family.config, size: known(blobs, image.config).size, digest: image.config };
  const body = JSON.stringify({ schemaVersion: 2, mediaType: family.manifest, config, layers });
  return { body, digest: sha256(body), mediaType: family.manifest };
}

/** Media types of the layers of one image, so that all are of one family. */
export function layerMediaTypes(kinds: readonly string[]): { gzip: string; zstd: string; tar: string } {
  const { gzip, plain } = kinds.includes('zstd') ? OCI : DOCKER;
  return { gzip, zstd: OCI_LAYER_ZSTD, tar: plain };
}

function known<T>(of: ReadonlyMap<string, T>, digest: string): T {
  const found = of.get(digest);
  if (found) return found;
  throw new Internal({ found: `the plan does not hold ${digest}`, remedy: 'Report this as a bug.' });
}
