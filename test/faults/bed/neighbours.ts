import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { configOf, digestOf } from '../../support/image-parts';
import type { RunningSlipway } from '../../support/running-slipway';

/** Where the push under test reads and writes. */
export interface Grounds {
  readonly key: string;
  /** Of the newest drop. */
  versionId: string;
  readonly repository: string;
  readonly tag: string;
}

/** Everybody else at work on the same bucket and registry, and what they do at the worst moment. */
export class Neighbours {
  /** Digest of the image that somebody else tagged. */
  taggedElsewhere: string | undefined;
  readonly #running: Promise<unknown>[] = [];

  constructor(
    private readonly slipway: RunningSlipway,
    readonly grounds: Grounds,
  ) {}

  /** Runs a step beside the one that the state machine runs, as Lambda does once in a while. */
  runToo(step: string, payload: string): void {
    this.#running.push(this.slipway.cloud.invoke(step, payload).catch(() => undefined));
  }

  /** Resolves when all that was begun beside the push has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  loseMachine(): Promise<void> {
    return this.slipway.cloud.killRunning();
  }

  async collectLayers(): Promise<void> {
    await this.slipway.cloud.ecr.collectUnreferencedLayers(this.grounds.repository);
  }

  async deleteRepository(): Promise<void> {
    const { repository: repositoryName } = this.grounds;
    await this.slipway.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })).catch(() => undefined);
  }

  async recreateRepository(): Promise<void> {
    await this.deleteRepository();
    await this.slipway.ecr.send(new CreateRepositoryCommand({ repositoryName: this.grounds.repository }));
  }

  async overwriteSource(): Promise<void> {
    await this.slipway.s3.send(new PutObjectCommand({ ...this.object, Body: 'another tarball, or none' }));
  }

  /** A delete marker: the version that the push began with is still there. */
  async hideSource(): Promise<void> {
    await this.slipway.s3.send(new DeleteObjectCommand(this.object));
  }

  async deleteSource(): Promise<void> {
    await this.slipway.s3.send(new DeleteObjectCommand({ ...this.object, VersionId: this.grounds.versionId }));
  }

  /** Pushes a whole image of its own under the tag of the push. */
  async setTag(): Promise<void> {
    const { ecr } = this.slipway;
    const { repository: repositoryName, tag: imageTag } = this.grounds;
    const bytes = configOf([digestOf('elsewhere')]);
    const digest = digestOf(bytes);
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...part }));
    await ecr
      .send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }))
      .catch(() => undefined);
    const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: bytes.length };
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: descriptor,
      layers: [{ ...descriptor, mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
    });
    await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest, imageManifestMediaType: mediaType }));
    this.taggedElsewhere = digestOf(imageManifest);
  }

  private get object() {
    return { Bucket: this.slipway.cloud.dropBucket, Key: this.grounds.key };
  }
}
