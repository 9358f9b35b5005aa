import { BatchGetImageCommand, type ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { digestOf } from '../../support/image-parts';

/** An image as the registry has it, with all that it names. */
export interface StoredImage {
  /** Digest that the tag leads to. */
  readonly digest: string;
  /** What cannot be pulled, or is not what its digest says; empty where the image is whole. */
  readonly faults: readonly string[];
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/** Pulls what a tag leads to, and hashes every byte of it again; undefined where there is no such tag. */
export async function imageUnder(
  ecr: ECRClient,
  { repository, tag }: { repository: string; tag: string },
): Promise<StoredImage | undefined> {
  const puller = new Puller(ecr, repository);
  const body = await puller.manifest({ imageTag: tag });
  if (body === undefined) return undefined;
  await puller.pull(body);
  return { digest: digestOf(body), faults: puller.faults };
}

class Puller {
  readonly faults: string[] = [];
  readonly #pulled = new Set<string>();

  constructor(
    private readonly ecr: ECRClient,
    private readonly repositoryName: string,
  ) {}

  async manifest(imageId: { imageTag?: string; imageDigest?: string }): Promise<string | undefined> {
    const command = new BatchGetImageCommand({ repositoryName: this.repositoryName, imageIds: [imageId] });
    const { images = [] } = await this.ecr.send(command).catch(() => ({ images: [] }));
    return images[0]?.imageManifest;
  }

  async pull(body: string): Promise<void> {
    const { manifests = [], config, layers = [] } = JSON.parse(body) as Manifest;
    for (const { digest } of manifests) {
      const child = await this.manifest({ imageDigest: digest });
      if (child === undefined) this.faults.push(`no manifest ${digest}`);
      else {
        if (digestOf(child) !== digest) this.faults.push(`manifest ${digest} has another digest`);
        await this.pull(child);
      }
    }
    for (const { digest } of config ? [config, ...layers] : layers) await this.pullBlob(digest);
  }

  private async pullBlob(layerDigest: string): Promise<void> {
    if (this.#pulled.has(layerDigest)) return;
    this.#pulled.add(layerDigest);
    const command = new GetDownloadUrlForLayerCommand({ repositoryName: this.repositoryName, layerDigest });
    try {
      const { downloadUrl = '' } = await this.ecr.send(command);
      const bytes = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
      if (digestOf(bytes) !== layerDigest) this.faults.push(`blob ${layerDigest} has another digest`);
    } catch (error) {
      this.faults.push(`blob ${layerDigest}: ${(error as Error).name}`);
    }
  }
}
