import { EcrError } from './errors';
import { matches } from './input';
import { DIGEST, IMAGE_TAG } from './rules';
import { V2Error } from './v2-errors';
import { call, type Exchange, isDigest } from './v2-exchange';

/** GET and HEAD of a manifest. Only HEAD names the digest in a header: ECR does the same. */
export async function sendManifest(exchange: Exchange, repositoryName: string, reference: string): Promise<void> {
  checkReference(reference);
  const id = isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
  const { images } = await call(exchange, 'BatchGetImage', { repositoryName, imageIds: [id] });
  const [image] = images;
  if (image === undefined) throw new V2Error(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  const head = exchange.request.method === 'HEAD';
  exchange.response.writeHead(200, {
    'Content-Type': image.imageManifestMediaType,
    'Content-Length': Buffer.byteLength(image.imageManifest),
    ...(head ? { 'Docker-Content-Digest': image.imageId.imageDigest } : {}),
  });
  exchange.response.end(head ? undefined : image.imageManifest);
}

/** HEAD of a blob: answered for every layer, whether or not an image names it. */
export async function sendBlobHead(exchange: Exchange, repositoryName: string, digest: string): Promise<void> {
  const { layers } = await call(exchange, 'BatchCheckLayerAvailability', { repositoryName, layerDigests: [digest] });
  const [layer] = layers;
  if (layer?.layerAvailability !== 'AVAILABLE') throw new V2Error(404, 'BLOB_UNKNOWN', `No blob ${digest}`);
  exchange.response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': layer.layerSize,
    'Docker-Content-Digest': digest,
  });
  exchange.response.end();
}

/** GET of a blob: sent on to a presigned address, which needs no credentials. */
export async function redirectToBlob(exchange: Exchange, repositoryName: string, layerDigest: string): Promise<void> {
  const input = { repositoryName, layerDigest };
  const { downloadUrl } = await call(exchange, 'GetDownloadUrlForLayer', input).catch((error: unknown) => {
    if (!(error instanceof EcrError) || error.code !== 'LayersNotFoundException') throw error;
    throw new V2Error(404, 'BLOB_UNKNOWN', error.message);
  });
  exchange.response.writeHead(307, { Location: downloadUrl, 'Content-Length': 0 }).end();
}

function checkReference(reference: string): void {
  const rule = isDigest(reference) ? DIGEST : IMAGE_TAG;
  if (!matches(rule.pattern ?? '', reference)) {
    throw new V2Error(400, 'MANIFEST_INVALID', `'${reference}' is neither a tag nor a digest`);
  }
}
