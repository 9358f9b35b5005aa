import { join } from 'node:path';
import { BlobFiles } from './blob-files';
import type { Image, Layer, RepositorySettings } from './repository';
import { Repository } from './repository';
import { RepositoryFiles } from './repository-files';
import { SerialQueue } from './serial-queue';

/** Everything the registry holds, in memory and on disk. Each change is written first and seen after. */
export class Catalog {
  readonly repositories = new Map<string, Repository>();
  readonly blobs: BlobFiles;
  private readonly files: RepositoryFiles;
  private readonly queue = new SerialQueue();

  constructor(
    dataDir: string,
    private readonly registryId: string,
  ) {
    this.blobs = new BlobFiles(join(dataDir, 'blobs'));
    this.files = new RepositoryFiles(join(dataDir, 'repositories'), registryId);
    for (const repository of this.files.load()) this.repositories.set(repository.repositoryName, repository);
  }

  /** Runs one change at a time: what `work` checks still holds when it writes. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.run(work);
  }

  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Only within {@link change}, as all below. */
  async createRepository(settings: RepositorySettings): Promise<Repository> {
    await this.files.create(settings);
    const repository = new Repository(settings, this.registryId);
    this.repositories.set(settings.name, repository);
    return repository;
  }

  async removeRepository(repository: Repository): Promise<void> {
    await this.files.remove(repository.repositoryName);
    this.repositories.delete(repository.repositoryName);
    for (const digest of repository.layers.keys()) await this.removeOrphan(digest);
  }

  /** Moves the bytes in `file` to their place and lists them as a layer of the repository. */
  async addLayer(repository: Repository, layer: Layer, file: string): Promise<void> {
    await this.blobs.adopt(file, layer.digest);
    await this.files.saveLayer(repository.repositoryName, layer);
    repository.layers.set(layer.digest, layer);
  }

  async removeLayer(repository: Repository, digest: string): Promise<void> {
    await this.files.removeLayer(repository.repositoryName, digest);
    repository.layers.delete(digest);
    await this.removeOrphan(digest);
  }

  async addImage(repository: Repository, image: Image): Promise<void> {
    await this.files.saveImage(repository.repositoryName, image);
    repository.addImage(image);
  }

  async removeImage(repository: Repository, image: Image): Promise<void> {
    await this.files.removeImage(repository.repositoryName, image.read.digest);
    repository.removeImage(image);
    await this.files.saveTags(repository.repositoryName, repository.tags);
  }

  async setTag(repository: Repository, tag: string, digest: string): Promise<void> {
    await this.files.saveTags(repository.repositoryName, new Map(repository.tags).set(tag, digest));
    repository.tags.set(tag, digest);
  }

  async removeTag(repository: Repository, tag: string): Promise<void> {
    repository.tags.delete(tag);
    await this.files.saveTags(repository.repositoryName, repository.tags);
  }

  private async removeOrphan(digest: string): Promise<void> {
    for (const other of this.repositories.values()) if (other.layers.has(digest)) return;
    await this.blobs.remove(digest);
  }
}
