import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './atomic-file';
import { readManifest } from './manifest';
import { type Image, type Layer, Repository, type RepositorySettings } from './repository';

const SETTINGS = 'repository.json';
const TAGS = 'tags.json';

/** The files of all repositories: one directory each, with a small file per layer and per image. */
export class RepositoryFiles {
  constructor(
    private readonly directory: string,
    private readonly registryId: string,
  ) {}

  /** Reads every repository that is completely there; half-written and half-deleted ones are passed over. */
  load(): Repository[] {
    if (!existsSync(this.directory)) return [];
    return readdirSync(this.directory)
      .map((name) => join(this.directory, name))
      .filter((directory) => existsSync(join(directory, SETTINGS)))
      .map((directory) => this.read(directory));
  }

  async create(settings: RepositorySettings): Promise<void> {
    const directory = this.of(settings.name);
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'layers'), { recursive: true });
    await mkdir(join(directory, 'images'));
    await writeAtomically(join(directory, SETTINGS), JSON.stringify(settings));
  }

  async remove(name: string): Promise<void> {
    // Without its settings it is gone, even if the rest is not deleted any more.
    await rm(join(this.of(name), SETTINGS));
    await rm(this.of(name), { recursive: true, force: true });
  }

  async saveLayer(name: string, layer: Layer): Promise<void> {
    await writeAtomically(this.path(name, 'layers', layer.digest), JSON.stringify(layer));
  }

  async removeLayer(name: string, digest: string): Promise<void> {
    await rm(this.path(name, 'layers', digest), { force: true });
  }

  async saveImage(name: string, { manifest, read, pushedAt }: Image): Promise<void> {
    const stored: StoredImage = { mediaType: read.mediaType, pushedAt, manifest };
    await writeAtomically(this.path(name, 'images', read.digest), JSON.stringify(stored));
  }

  async removeImage(name: string, digest: string): Promise<void> {
    await rm(this.path(name, 'images', digest), { force: true });
  }

  async saveTags(name: string, tags: ReadonlyMap<string, string>): Promise<void> {
    await writeAtomically(join(this.of(name), TAGS), JSON.stringify([...tags]));
  }

  private read(directory: string): Repository {
    const repository = new Repository(readJson<RepositorySettings>(join(directory, SETTINGS)), this.registryId);
    for (const layer of readAll<Layer>(join(directory, 'layers'))) repository.layers.set(layer.digest, layer);
    const stored = readAll<StoredImage>(join(directory, 'images')).sort((a, b) => a.pushedAt - b.pushedAt);
    for (const { manifest, mediaType, pushedAt } of stored) {
      repository.addImage({ manifest, read: readManifest(manifest, mediaType), pushedAt });
    }
    const tags = existsSync(join(directory, TAGS)) ? readJson<[string, string][]>(join(directory, TAGS)) : [];
    for (const [tag, digest] of tags) if (repository.images.has(digest)) repository.tags.set(tag, digest);
    return repository;
  }

  private path(name: string, kind: 'layers' | 'images', digest: string): string {
    return join(this.of(name), kind, `${digest.replace(':', '-')}.json`);
  }

  private of(name: string): string {
    // `~` is in no repository name, so no two names meet; the cut keeps long names within what file systems take.
    const flat = name.replaceAll('/', '~');
    const short =
      flat.length > 200 ? `${flat.slice(0, 150)}~~${createHash('sha256').update(name).digest('hex')}` : flat;
    return join(this.directory, short);
  }
}

interface StoredImage {
  readonly mediaType: string;
  readonly pushedAt: number;
  readonly manifest: string;
}

function readAll<T>(directory: string): T[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<T>(join(directory, name)));
}

/** Trusted: only this folder writes these files, and never halfway. */
function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
