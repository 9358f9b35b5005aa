/** One error of the service: `code` is its wire name, `fields` stand beside the message in the body. */
export class EcrError extends Error {
  override readonly name = 'EcrError';
  constructor(
    readonly code: string,
    message: string,
    /** HTTP status on the JSON API. */
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Where a repository is, as the service's messages name it. */
export interface Place {
  readonly repositoryName: string;
  readonly registryId: string;
}

/** An input that breaks a rule, in the service's own wording. */
export function invalidParameter(field: string, rule: string): EcrError {
  return new EcrError(
    'InvalidParameterException',
    `Invalid parameter at '${field}' failed to satisfy constraint: '${rule}'`,
  );
}

/** The repository is not in that registry. */
export function repositoryNotFound(place: Place): EcrError {
  return new EcrError(
    'RepositoryNotFoundException',
    `The repository with name '${place.repositoryName}' does not exist in the registry with id '${place.registryId}'`,
  );
}

/** The upload is unknown, gone, or belongs to another repository. */
export function uploadNotFound(uploadId: string, place: Place): EcrError {
  return new EcrError('UploadNotFoundException', `${theUpload(uploadId, place)} does not exist`);
}

/** An upload is completed before its first part. */
export function emptyUpload(uploadId: string, place: Place): EcrError {
  return new EcrError(
    'EmptyUploadException',
    `${theUpload(uploadId, place)} cannot be completed because it does not have any parts`,
  );
}

/** A part out of turn or of a wrong size; `received` is the number of bytes the upload holds. */
export function invalidLayerPart(message: string, uploadId: string, place: Place, received: number): EcrError {
  return new EcrError('InvalidLayerPartException', message, 400, {
    registryId: place.registryId,
    repositoryName: place.repositoryName,
    uploadId,
    // The shape has a minimum of 0, so "nothing received" cannot be told from "one byte received".
    lastValidByteReceived: Math.max(received - 1, 0),
  });
}

/** Layers that a manifest needs are not in the repository. */
export function layersNotFound(digests: readonly string[], place: Place): EcrError {
  return new EcrError('LayersNotFoundException', requiredButMissing('Layers', digests, place));
}

/** Manifests that an index names are not in the repository. */
export function referencedImagesNotFound(digests: readonly string[], place: Place): EcrError {
  return new EcrError('ReferencedImagesNotFoundException', requiredButMissing('Images', digests, place));
}

/** Names a repository in the way that layer and image messages end. */
export function within(place: Place): string {
  return `the repository with name '${place.repositoryName}' in the registry with id '${place.registryId}'`;
}

function theUpload(uploadId: string, place: Place): string {
  return `The upload with id '${uploadId}' in the repository with name '${place.repositoryName}' in registry with id '${place.registryId}'`;
}

function requiredButMissing(what: string, digests: readonly string[], place: Place): string {
  return `${what} with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${place.repositoryName}' in the registry with id '${place.registryId}' do not exist`;
}
