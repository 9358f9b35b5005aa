import { createHash } from 'node:crypto';
import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  type ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';

export const MIB = 1024 * 1024;
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';

/** Bytes that differ for each seed. */
export function bytes(length: number, seed = 'seed'): Buffer {
  return Buffer.alloc(length, createHash('sha512').update(seed).digest());
}

export function sha256(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function descriptor(content: Buffer | string, mediaType: string) {
  return { mediaType, digest: sha256(content), size: Buffer.byteLength(content) };
}

/** A manifest over these blobs; `extra` members win. */
export function manifestOf(config: Buffer | string, layers: (Buffer | string)[], extra: object = {}): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor(config, CONFIG_TYPE),
    layers: layers.map((layer) => descriptor(layer, LAYER_TYPE)),
    ...extra,
  });
}

export function indexOf(manifests: string[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: manifests.map((manifest) => descriptor(manifest, OCI_MANIFEST)),
  });
}

export async function createRepository(
  client: ECRClient,
  repositoryName: string,
  settings: Omit<CreateRepositoryCommandInput, 'repositoryName'> = {},
): Promise<string> {
  await client.send(new CreateRepositoryCommand({ repositoryName, ...settings }));
  return repositoryName;
}

export async function initiate(client: ECRClient, repositoryName: string): Promise<string> {
  const { uploadId = '' } = await client.send(new InitiateLayerUploadCommand({ repositoryName }));
  return uploadId;
}

export async function sendPart(
  client: ECRClient,
  repositoryName: string,
  uploadId: string,
  partFirstByte: number,
  part: Uint8Array,
) {
  const partLastByte = partFirstByte + part.length - 1;
  return client.send(
    new UploadLayerPartCommand({ repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob: part }),
  );
}

export async function complete(client: ECRClient, repositoryName: string, uploadId: string, ...layerDigests: string[]) {
  return client.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests }));
}

/** Uploads one layer in parts of `partSize`. */
export async function pushLayer(
  client: ECRClient,
  repositoryName: string,
  layer: Buffer | string,
  partSize = 5 * MIB,
): Promise<string> {
  const content = Buffer.from(layer);
  const uploadId = await initiate(client, repositoryName);
  for (let at = 0; at < content.length; at += partSize) {
    await sendPart(client, repositoryName, uploadId, at, content.subarray(at, at + partSize));
  }
  const { layerDigest = '' } = await complete(client, repositoryName, uploadId, sha256(content));
  return layerDigest;
}

export async function putImage(client: ECRClient, repositoryName: string, imageManifest: string, imageTag?: string) {
  return client.send(new PutImageCommand({ repositoryName, imageManifest, ...(imageTag ? { imageTag } : {}) }));
}

/** Uploads an image of one small layer; `seed` makes it another one. */
export async function pushImage(client: ECRClient, repositoryName: string, seed: string, tag?: string) {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', seed });
  const layer = bytes(1000, seed);
  for (const blob of [config, layer]) await pushLayer(client, repositoryName, blob);
  const manifest = manifestOf(config, [layer]);
  await putImage(client, repositoryName, manifest, tag);
  return { manifest, digest: sha256(manifest), config, layer };
}

export async function availability(client: ECRClient, repositoryName: string, ...layerDigests: string[]) {
  const { layers = [] } = await client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));
  return layers.map((layer) => layer.layerAvailability);
}

/** What the SDK makes of an error reply: its name, message and extra members. */
export async function failureOf(call: Promise<unknown>): Promise<Record<string, unknown> & { name: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error)
      return Object.assign(Object.create(null), error, { name: error.name, message: error.message });
  }
  throw new Error('the call was expected to fail');
}
