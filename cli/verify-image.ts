import { createHash } from 'node:crypto';
import { BatchGetImageCommand, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import type { Aws } from './aws';

/** What was pulled and found right. */
export interface Verified {
  readonly manifests: number;
  readonly blobs: number;
  /** Bytes of all blobs. */
  readonly bytes: number;
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
}

const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Pulls an image with all that it refers to, and throws unless every digest and size is right. */
export async function verifyImage(aws: Aws, repository: string, digest: string): Promise<Verified> {
  const seen = new Set<string>();
  const total = { manifests: 0, blobs: 0, bytes: 0 };
  const waiting = [digest];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const manifest = await pullManifest(aws, repository, next);
    total.manifests += 1;
    waiting.push(...(manifest.manifests ?? []).map((child) => child.digest));
    for (const blob of [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])]) {
      if (seen.has(blob.digest) || blob.urls) continue;
      seen.add(blob.digest);
      await pullBlob(aws, repository, blob);
      total.blobs += 1;
      total.bytes += blob.size;
    }
  }
  return total;
}

async function pullManifest(
  { ecr }: Aws,
  repositoryName: string,
  imageDigest: string,
): Promise<{ manifests?: Descriptor[]; config?: Descriptor; layers?: Descriptor[] }> {
  const { images = [] } = await ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }], acceptedMediaTypes: MEDIA_TYPES }),
  );
  const body = images[0]?.imageManifest ?? '';
  const found = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  if (found !== imageDigest) throw new Error(`manifest ${imageDigest} came back as ${found}`);
  return JSON.parse(body);
}

async function pullBlob({ ecr }: Aws, repositoryName: string, { digest, size }: Descriptor): Promise<void> {
  const { downloadUrl = '' } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: digest }),
  );
  const response = await fetch(downloadUrl);
  if (!response.ok || !response.body) throw new Error(`layer ${digest} cannot be pulled: HTTP ${response.status}`);
  const hash = createHash('sha256');
  let count = 0;
  for await (const piece of response.body) {
    hash.update(piece);
    count += piece.length;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest || count !== size) throw new Error(`layer ${digest} came back as ${found}, ${count} bytes`);
}
