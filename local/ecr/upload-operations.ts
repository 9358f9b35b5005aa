import { getHashes } from 'node:crypto';
import { EcrError, emptyUpload, invalidLayerPart, type Place, within } from './errors';
import { blob, type Fields, text, texts, whole } from './input';
import { type Operation, placeIn, type Registry, repositoryAt } from './registry';
import { DIGEST, QUOTA, UPLOAD_ID } from './rules';
import type { Upload } from './upload';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html */
export const initiateLayerUpload: Operation<{ uploadId: string; partSize: number }> = async (registry, input) => {
  const { repositoryName } = repositoryAt(registry, placeIn(registry, input));
  const upload = await registry.uploads.open(repositoryName);
  return { uploadId: upload.progress.uploadId, partSize: registry.partSize };
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html */
export const uploadLayerPart: Operation<Place & { uploadId: string; lastByteReceived: number }> = async (
  registry,
  input,
) => {
  const place = placeIn(registry, input);
  const part = readPart(input);
  repositoryAt(registry, place);
  return registry.uploads.on(part.uploadId, place, async (upload) => {
    checkPart(registry, upload, part, place);
    await upload.append(part.bytes);
    registry.tally.accepted(part.uploadId, part.bytes.length);
    return { ...place, uploadId: part.uploadId, lastByteReceived: part.lastByte };
  });
};

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CompleteLayerUpload.html */
export const completeLayerUpload: Operation<Place & { uploadId: string; layerDigest: string }> = async (
  registry,
  input,
) => {
  const place = placeIn(registry, input);
  const uploadId = text(input, 'uploadId', UPLOAD_ID);
  const wanted = texts(input, 'layerDigests', { min: 1, max: 100 }, DIGEST);
  repositoryAt(registry, place);
  return registry.uploads.on(uploadId, place, async (upload) => {
    checkWhole(upload, place);
    const layerDigest = await matchDigest(upload, wanted);
    if (registry.dropSiblings) dropSiblings(registry, upload);
    await keepLayer(registry, upload, layerDigest, place);
    return { ...place, uploadId, layerDigest };
  });
};

interface Part {
  readonly uploadId: string;
  readonly firstByte: number;
  /** Inclusive. */
  readonly lastByte: number;
  readonly bytes: Buffer;
}

function readPart(input: Fields): Part {
  return {
    uploadId: text(input, 'uploadId', UPLOAD_ID),
    firstByte: whole(input, 'partFirstByte', { min: 0 }),
    lastByte: whole(input, 'partLastByte', { min: 0 }),
    bytes: blob(input, 'layerPartBlob', QUOTA.partBlob),
  };
}

function checkPart(registry: Registry, upload: Upload, part: Part, place: Place): void {
  const { received, parts } = upload.progress;
  const refuse = (message: string) => invalidLayerPart(message, part.uploadId, place, received);
  const { length } = part.bytes;
  if (part.firstByte !== received) {
    throw refuse(`First byte of the layer part is ${part.firstByte} instead of ${received}`);
  }
  if (length === 0 || part.lastByte - part.firstByte + 1 !== length) {
    const said = `bytes ${part.firstByte} to ${part.lastByte}`;
    throw refuse(`The layer part size is not valid: it is said to be ${said} and has a length of ${length}`);
  }
  if (registry.strictPartSize && length > QUOTA.part) {
    throw refuse(`The layer part size is not valid: ${length} bytes are more than the maximum of ${QUOTA.part}`);
  }
  if (parts >= QUOTA.partsPerUpload) throw overQuota(`layer parts per upload, ${QUOTA.partsPerUpload}`, place);
  if (received + length > QUOTA.layer) throw overQuota(`layer size, ${QUOTA.layer} bytes`, place);
}

function checkWhole(upload: Upload, place: Place): void {
  const { uploadId, parts, shortPartInside } = upload.progress;
  if (parts === 0) throw emptyUpload(uploadId, place);
  if (shortPartInside) {
    throw new EcrError('LayerPartTooSmallException', 'All layer parts except the last part should be at least 5MB');
  }
}

/** One matching digest is enough, whatever its algorithm; the layer is always known by its sha256. */
async function matchDigest(upload: Upload, wanted: readonly string[]): Promise<string> {
  const sha256 = await upload.sha256();
  if (wanted.includes(sha256)) return sha256;
  const known = new Set(getHashes().filter((algorithm) => algorithm !== 'sha256'));
  for (const digest of wanted) {
    const algorithm = digest.slice(0, digest.indexOf(':'));
    if (known.has(algorithm) && (await upload.digestBy(algorithm)) === digest) return sha256;
  }
  throw new EcrError('InvalidLayerException', 'None of the provided layer digests match the calculated layer digest');
}

/** Another writer of the same bytes finds its upload gone. */
function dropSiblings(registry: Registry, finished: Upload): void {
  for (const other of registry.uploads.of(finished.progress.repositoryName)) {
    const digest = other.digests.get(other.progress.received);
    if (other === finished || digest === undefined) continue;
    if (finished.digests.get(other.progress.received) === digest) registry.uploads.forget(other.progress.uploadId);
  }
}

async function keepLayer(registry: Registry, upload: Upload, digest: string, place: Place): Promise<void> {
  const { uploadId, received } = upload.progress;
  await registry.catalog.change(async () => {
    const repository = repositoryAt(registry, place);
    const exists = repository.layers.has(digest);
    if (!exists) {
      await upload.trim();
      await registry.catalog.addLayer(repository, { digest, size: received }, upload.file);
    }
    // Completing takes the upload id away, also where the layer was there before.
    registry.uploads.forget(uploadId);
    if (exists) {
      const what = `The layer with digest '${digest}' already exists in ${within(place)}`;
      throw new EcrError('LayerAlreadyExistsException', what);
    }
  });
}

function overQuota(quota: string, place: Place): EcrError {
  return new EcrError('LimitExceededException', `The quota of ${quota}, is exceeded in ${within(place)}`);
}
