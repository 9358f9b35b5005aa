import { isUtf8 } from 'node:buffer';
import { EcrError, invalidParameter } from './errors';
import { Unanswered } from './fault-effects';
import type { Fields } from './input';
import { placeIn } from './registry';
import { readBody, slicesOf } from './request-body';
import { QUOTA } from './rules';
import type { Upload } from './upload';
import { V2Error } from './v2-errors';
import { call, type Exchange, isDigest } from './v2-exchange';

/** POST uploads. Mounting from another repository is an account setting that is off: the client uploads, as asked. */
export async function startUpload(exchange: Exchange, repositoryName: string): Promise<void> {
  const { uploadId } = await call(exchange, 'InitiateLayerUpload', { repositoryName }).catch((error: unknown) => {
    // ECR hangs up on a push to a repository that is not there.
    if (error instanceof EcrError && error.code === 'RepositoryNotFoundException') throw new Unanswered('destroyed');
    throw error;
  });
  respond(exchange, 202, repositoryName, uploadId, '0-0');
}

/** PATCH of an upload: a body of any length, taken in parts. Answers 201, where the specification has 202: so does ECR. */
export async function patchUpload(exchange: Exchange, repositoryName: string, uploadId: string): Promise<void> {
  await takeBody(exchange, repositoryName, uploadId);
  const range = await onUpload(exchange, repositoryName, uploadId, async (upload) => {
    // It stays at what the first PATCH was answered: so it does in ECR.
    upload.firstRange ??= `0-${Math.max(upload.progress.received - 1, 0)}`;
    return upload.firstRange;
  });
  respond(exchange, 201, repositoryName, uploadId, range);
}

/** PUT of an upload, with or without the last bytes in its body. */
export async function finishUpload(exchange: Exchange, repositoryName: string, uploadId: string): Promise<void> {
  const digest = exchange.url.searchParams.get('digest');
  if (digest === null) throw new V2Error(400, 'DIGEST_INVALID', 'The query has no digest');
  await takeBody(exchange, repositoryName, uploadId);
  const input = { repositoryName, uploadId, layerDigests: [digest] };
  await call(exchange, 'CompleteLayerUpload', input).catch((error: unknown) => {
    // The layer is there, which is what the client wanted.
    if (!(error instanceof EcrError) || error.code !== 'LayerAlreadyExistsException') throw error;
  });
  const location = `${exchange.origin}/v2/${repositoryName}/blobs/${digest}`;
  const headers = { Location: location, 'Docker-Content-Digest': digest, 'Content-Length': 0 };
  exchange.response.writeHead(201, headers).end();
}

/** PUT of a manifest; the answer has no Location, as in ECR. */
export async function putManifest(exchange: Exchange, repositoryName: string, reference: string): Promise<void> {
  const body = await readBody(exchange.request, QUOTA.manifest);
  if (body === undefined) {
    throw invalidParameter('ImageManifest', `must have length less than or equal to ${QUOTA.manifest}`);
  }
  if (!isUtf8(body)) throw invalidParameter('ImageManifest', 'Invalid JSON syntax');
  const id = isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
  const imageManifestMediaType = exchange.request.headers['content-type'];
  const input = { repositoryName, imageManifest: body.toString(), imageManifestMediaType, ...id };
  const digest = await putUnlessThere(exchange, input);
  const subject = exchange.dispatch.registry.catalog.repositories.get(repositoryName)?.images.get(digest)?.read.subject;
  exchange.response.writeHead(201, {
    'Docker-Content-Digest': digest,
    'Content-Length': 0,
    ...(subject === undefined ? {} : { 'OCI-Subject': subject }),
  });
  exchange.response.end();
}

/** Pushing an image again is no error on this side. */
async function putUnlessThere(exchange: Exchange, input: Fields): Promise<string> {
  try {
    return (await call(exchange, 'PutImage', input)).image.imageId.imageDigest;
  } catch (error) {
    if (!(error instanceof EcrError) || error.code !== 'ImageAlreadyExistsException') throw error;
    return /sha256:[a-f0-9]{64}/.exec(error.message)?.[0] ?? '';
  }
}

async function takeBody(exchange: Exchange, repositoryName: string, uploadId: string): Promise<void> {
  const declared = /^(?:bytes )?(\d+)-/.exec(exchange.request.headers['content-range'] ?? '')?.[1];
  const received = await onUpload(exchange, repositoryName, uploadId, async (upload) => upload.progress.received);
  let partFirstByte = declared === undefined ? received : Number(declared);
  for await (const layerPartBlob of slicesOf(exchange.request, exchange.dispatch.registry.partSize)) {
    const partLastByte = partFirstByte + layerPartBlob.length - 1;
    const input = { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob };
    await call(exchange, 'UploadLayerPart', input);
    partFirstByte = partLastByte + 1;
  }
}

function onUpload<T>(
  { dispatch: { registry } }: Exchange,
  repositoryName: string,
  uploadId: string,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  return registry.uploads.on(uploadId, placeIn(registry, { repositoryName }), work);
}

function respond({ origin, response }: Exchange, status: number, name: string, uploadId: string, range: string): void {
  response.writeHead(status, {
    Location: `${origin}/v2/${name}/blobs/uploads/${uploadId}`,
    'Docker-Upload-UUID': uploadId,
    Range: range,
    'Content-Length': 0,
  });
  response.end();
}
