import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum } from '../checksum/checksum';
import type { WriteCondition } from '../wire/conditions';
import type { ObjectHeaders } from '../wire/object-headers';
import { invalidArgument, S3Error } from '../wire/s3-error';
import { compareUtf8 } from '../wire/utf8-order';
import type { Bodies, Piece } from './bodies';
import { writeJson } from './json-file';
import type { Sequencer } from './sequencer';
import type { Turns } from './turns';
import type { Upload } from './upload';

/** Version id of what was written while versioning was off or suspended. */
export const NULL_VERSION = 'null';

/** Versioning of a bucket; once on, it can be suspended and never be off again. */
export type Versioning = 'Unversioned' | 'Enabled' | 'Suspended';

/** One version of one object, or a delete marker. */
export interface StoredVersion {
  readonly versionId: string;
  readonly sequencer: string;
  /** Milliseconds. */
  readonly lastModified: number;
  readonly deleteMarker: boolean;
  readonly size: number;
  /** Without quotes; empty for a delete marker. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly pieces: readonly Piece[];
  readonly checksum?: Checksum;
  /** Number of parts of a multipart upload. */
  readonly partCount?: number;
}

/** What a writer brings to make a version of. */
export type ObjectDraft = Pick<StoredVersion, 'size' | 'etag' | 'headers' | 'pieces' | 'checksum' | 'partCount'>;

/** One key with all its versions, as it lies on disk. */
export interface StoredKey {
  readonly key: string;
  /** Newest first. */
  readonly versions: readonly StoredVersion[];
}

/** What the parts of one store share. */
export interface StoreRoom {
  readonly bodies: Bodies;
  readonly turns: Turns;
  readonly sequencer: Sequencer;
  readonly now: () => number;
}

/** A bucket: its index is in memory and on disk, one file for each key, named by the key's hash. */
export class Bucket {
  readonly uploads = new Map<string, Upload>();
  private readonly index = new Map<string, readonly StoredVersion[]>();
  private sorted: readonly string[] | undefined;

  constructor(
    readonly name: string,
    readonly createdAt: number,
    public versioning: Versioning,
    readonly folder: string,
    readonly room: StoreRoom,
  ) {}

  /** Takes a key read from disk in. */
  restore({ key, versions }: StoredKey): void {
    this.index.set(key, versions);
    for (const { sequencer } of versions) this.room.sequencer.passed(sequencer);
  }

  /** All keys with at least one version or delete marker, in UTF-8 order. */
  keys(): readonly string[] {
    this.sorted ??= [...this.index.keys()].sort(compareUtf8);
    return this.sorted;
  }

  /** Versions and delete markers of a key, newest first. */
  versions(key: string): readonly StoredVersion[] {
    return this.index.get(key) ?? [];
  }

  /** The newest version, where it is not a delete marker. */
  current(key: string): StoredVersion | undefined {
    const [newest] = this.versions(key);
    return newest?.deleteMarker ? undefined : newest;
  }

  /** The version asked for, or the newest. InvalidArgument, MethodNotAllowed, NoSuchKey, NoSuchVersion. */
  find(key: string, versionId?: string): StoredVersion {
    const found = versionId === undefined ? this.versions(key)[0] : this.version(key, versionId);
    if (!found) {
      if (versionId === undefined) throw new S3Error('NoSuchKey', { details: { Key: key } });
      throw new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
    }
    if (!found.deleteMarker) return found;
    const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
    if (versionId === undefined) throw new S3Error('NoSuchKey', { details: { Key: key }, headers });
    throw new S3Error('MethodNotAllowed', {
      details: { Method: 'GET', ResourceType: 'DeleteMarker' },
      headers: { ...headers, allow: 'DELETE', 'last-modified': new Date(found.lastModified).toUTCString() },
    });
  }

  /** The version or delete marker with this id, where there is one. InvalidArgument where it cannot be an id. */
  version(key: string, versionId: string): StoredVersion | undefined {
    if (versionId !== NULL_VERSION && !/^[A-Za-z0-9._-]{32}$/.test(versionId)) {
      throw invalidArgument('versionId', versionId, 'Invalid version id specified');
    }
    return this.versions(key).find((version) => version.versionId === versionId);
  }

  /** Makes the draft the newest version, in one step. Throws what the condition throws; the draft's bytes stay the caller's then. */
  async put(key: string, draft: ObjectDraft, condition?: WriteCondition): Promise<StoredVersion> {
    return this.room.turns.take(this.turn(key), async () => {
      condition?.(this.current(key));
      return this.add(key, { ...draft, deleteMarker: false });
    });
  }

  /** Deletes as DELETE without a version id does; answers the delete marker, where one was made. */
  async hide(key: string, condition?: WriteCondition): Promise<StoredVersion | undefined> {
    return this.room.turns.take(this.turn(key), async () => {
      condition?.(this.current(key));
      if (this.versioning === 'Unversioned') {
        await this.replace(key, []);
        return undefined;
      }
      return this.add(key, { size: 0, etag: '', headers: {}, pieces: [], deleteMarker: true });
    });
  }

  /** Removes one version or delete marker for good; answers it, where it was there. */
  async erase(key: string, versionId: string): Promise<StoredVersion | undefined> {
    return this.room.turns.take(this.turn(key), async () => {
      const gone = this.version(key, versionId);
      if (gone)
        await this.replace(
          key,
          this.versions(key).filter((version) => version !== gone),
        );
      return gone;
    });
  }

  /** Turns versioning on or off, durably. */
  async setVersioning(versioning: Versioning): Promise<void> {
    this.versioning = versioning;
    await this.save();
  }

  /** Writes the bucket's own file. */
  async save(): Promise<void> {
    const { name, createdAt, versioning } = this;
    await writeJson(join(this.folder, 'bucket.json'), { name, createdAt, versioning });
  }

  private async add(key: string, draft: ObjectDraft & { deleteMarker: boolean }): Promise<StoredVersion> {
    const versionId = this.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : NULL_VERSION;
    const version = { ...draft, versionId, sequencer: this.room.sequencer.next(), lastModified: this.room.now() };
    const others = this.versions(key).filter((other) => other.versionId !== versionId);
    await this.replace(key, [version, ...others]);
    return version;
  }

  private async replace(key: string, versions: readonly StoredVersion[]): Promise<void> {
    const before = this.versions(key);
    const path = join(this.folder, 'objects', `${createHash('sha256').update(key).digest('hex')}.json`);
    if (versions.length === 0) await rm(path, { force: true });
    else await writeJson(path, { key, versions } satisfies StoredKey);
    if (versions.length === 0) this.index.delete(key);
    else this.index.set(key, versions);
    if ((before.length === 0) !== (versions.length === 0)) this.sorted = undefined;
    const kept = new Set(versions.flatMap(({ pieces }) => pieces.map(({ file }) => file)));
    const dropped = before.flatMap(({ pieces }) => pieces).filter(({ file }) => !kept.has(file));
    await this.room.bodies.remove(dropped);
  }

  private turn(key: string): string {
    return `object ${this.name} ${key}`;
  }
}
