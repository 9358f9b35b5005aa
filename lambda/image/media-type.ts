/** OCI image index. https://github.com/opencontainers/image-spec/blob/main/media-types.md */
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
/** OCI image manifest. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** OCI image config. https://github.com/opencontainers/image-spec/blob/main/config.md */
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
/** OCI layer, not compressed. https://github.com/opencontainers/image-spec/blob/main/layer.md */
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
/** OCI layer, gzip. https://github.com/opencontainers/image-spec/blob/main/layer.md */
export const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
/** OCI layer, zstd. https://github.com/opencontainers/image-spec/blob/main/layer.md */
export const OCI_LAYER_ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';

/** Docker manifest list. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
const DOCKER_INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';
/** Docker manifest, schema 2. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
/** Docker image config. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
/** Docker layer, not compressed. https://github.com/containerd/containerd/blob/main/core/images/mediatypes.go */
export const DOCKER_LAYER = 'application/vnd.docker.image.rootfs.diff.tar';
/** Docker layer, gzip. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

/** Whether it lists manifests. */
export function isIndex(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;
}

/** Whether it names a config and layers. */
export function isImageManifest(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** Whether it is a Docker schema 1 manifest, which holds history instead of a config. */
export function isSchema1(mediaType: string): boolean {
  return mediaType.startsWith('application/vnd.docker.distribution.manifest.v1+');
}

/** Whether it is the config of a runnable image, with diffIds, and not that of some other artifact. */
export function isImageConfig(mediaType: string): boolean {
  return mediaType === OCI_CONFIG || mediaType === DOCKER_CONFIG;
}

/** Whether it is a layer of files, which has a diffId, and not other content of an artifact. */
export function isTarLayer(mediaType: string): boolean {
  return mediaType.startsWith(OCI_LAYER) || mediaType.startsWith(DOCKER_LAYER);
}

/** Whether it is a layer that is served from URLs of its own, and is not sent to a registry. */
export function isForeignLayer(mediaType: string): boolean {
  return /^application\/vnd\.(?:docker\.image\.rootfs\.foreign\.|oci\.image\.layer\.nondistributable\.)/.test(
    mediaType,
  );
}
