import type { ServerResponse } from 'node:http';
import { EcrError } from './errors';

/** An error that only the docker side has. https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes */
export class V2Error extends Error {
  override readonly name = 'V2Error';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const BY_API_ERROR: Readonly<Record<string, readonly [status: number, code: string]>> = {
  AccessDeniedException: [403, 'DENIED'],
  EmptyUploadException: [400, 'BLOB_UPLOAD_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'MANIFEST_INVALID'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  InvalidLayerException: [400, 'BLOB_UPLOAD_INVALID'],
  InvalidLayerPartException: [416, 'BLOB_UPLOAD_INVALID'],
  InvalidParameterException: [405, 'UNSUPPORTED'],
  LayerInaccessibleException: [404, 'BLOB_UNKNOWN'],
  LayerPartTooSmallException: [400, 'BLOB_UPLOAD_INVALID'],
  LayersNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ServerException: [500, 'UNKNOWN'],
  ThrottlingException: [429, 'TOOMANYREQUESTS'],
  UploadNotFoundException: [404, 'UNKNOWN'],
};

/** Answers an error of the API or of the docker side in the docker form. */
export function sendV2Error(response: ServerResponse, error: EcrError | V2Error): void {
  const [status, code] = error instanceof EcrError ? translate(error) : [error.status, error.code];
  const body = JSON.stringify({ errors: [{ code, message: error.message }] });
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function translate(error: EcrError): readonly [status: number, code: string] {
  return BY_API_ERROR[error.code] ?? [error.status, 'UNKNOWN'];
}
