/** For a tar that breaks its own format. */
export const REMAKE = 'Make the tarball again with the tool that writes the image, and upload it again.';

/** For an object that ends too early. */
export const UPLOAD_AGAIN =
  'The upload of the tarball is incomplete: upload it again, and compare its size with that of the local file.';

/** For an object that is not a tar at all. */
export const SAVE_IMAGE =
  'Drop the tarball of an image, as written by "docker save", "podman save", "skopeo copy" or "buildx --output type=oci".';
