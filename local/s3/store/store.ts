import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from '../wire/s3-error';
import { Bodies } from './bodies';
import { Bucket, type StoredKey, type StoreRoom, type Versioning } from './bucket';
import { readAllJson, readJsonIfThere } from './json-file';
import { Sequencer } from './sequencer';
import { Turns } from './turns';
import { restoreUploads } from './upload';

/** All buckets of one data directory. One process at a time may have it open. */
export class Store {
  readonly buckets = new Map<string, Bucket>();

  private constructor(
    private readonly folder: string,
    readonly room: StoreRoom,
  ) {}

  /** Opens a data directory, made where it is missing. */
  static async open(dataDir: string, now: () => number): Promise<Store> {
    const room = {
      bodies: new Bodies(join(dataDir, 'bodies')),
      turns: new Turns(),
      sequencer: new Sequencer(now),
      now,
    };
    const store = new Store(join(dataDir, 'buckets'), room);
    await store.restore();
    await room.bodies.sweep(store.referredFiles());
    return store;
  }

  /** The bucket of this name. NoSuchBucket. */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
    return bucket;
  }

  /** Makes a bucket, or answers the one that is there. InvalidBucketName. */
  async createBucket(name: string): Promise<{ bucket: Bucket; existed: boolean }> {
    requireBucketName(name);
    return this.room.turns.take(`bucket ${name}`, async () => {
      const existing = this.buckets.get(name);
      if (existing) return { bucket: existing, existed: true };
      const bucket = new Bucket(name, this.room.now(), 'Unversioned', join(this.folder, name), this.room);
      await mkdir(join(bucket.folder, 'objects'), { recursive: true });
      await mkdir(join(bucket.folder, 'uploads'), { recursive: true });
      await bucket.save();
      this.buckets.set(name, bucket);
      return { bucket, existed: false };
    });
  }

  /** Removes an empty bucket. BucketNotEmpty, NoSuchBucket. */
  async deleteBucket(name: string): Promise<void> {
    await this.room.turns.take(`bucket ${name}`, async () => {
      const bucket = this.bucket(name);
      if (bucket.keys().length > 0 || bucket.uploads.size > 0) {
        throw new S3Error('BucketNotEmpty', { details: { BucketName: name } });
      }
      this.buckets.delete(name);
      await rm(bucket.folder, { recursive: true });
    });
  }

  private async restore(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const folder = join(this.folder, name);
      // A folder without its file is a bucket whose making or removal was cut short.
      const stored = await readJsonIfThere<StoredBucket>(join(folder, 'bucket.json'));
      if (!stored) continue;
      const bucket = new Bucket(stored.name, stored.createdAt, stored.versioning, folder, this.room);
      for (const key of await readAllJson<StoredKey>(join(folder, 'objects'))) bucket.restore(key);
      await restoreUploads(bucket);
      this.buckets.set(name, bucket);
    }
  }

  private referredFiles(): Set<string> {
    const files = new Set<string>();
    for (const bucket of this.buckets.values()) {
      for (const key of bucket.keys()) {
        for (const { pieces } of bucket.versions(key)) for (const { file } of pieces) files.add(file);
      }
      for (const { parts } of bucket.uploads.values()) for (const { piece } of parts.values()) files.add(piece.file);
    }
    return files;
  }
}

interface StoredBucket {
  readonly name: string;
  readonly createdAt: number;
  readonly versioning: Versioning;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
function requireBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!wellFormed || address) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
}
