import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, uploadNotFound } from './errors';
import { PROGRESS_FILE, Upload, type UploadProgress } from './upload';

/** All open uploads. */
export class UploadDesk {
  private readonly uploads = new Map<string, Upload>();
  private removals: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly directory: string,
    private readonly now: () => number,
    /** Bytes that every part but the last must have. */
    private readonly innerPart: number,
    /** Milliseconds after which an upload is gone; it lives for ever where left out. */
    private readonly lifetime?: number,
  ) {
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory)) this.reopen(join(directory, name));
  }

  async open(repositoryName: string): Promise<Upload> {
    const uploadId = randomUUID();
    const fresh = { received: 0, parts: 0, lastPart: 0, shortPartInside: false };
    const progress = { uploadId, repositoryName, startedAt: this.now(), ...fresh };
    const upload = new Upload(join(this.directory, uploadId), progress, this.innerPart);
    await upload.start();
    this.uploads.set(uploadId, upload);
    return upload;
  }

  /** Works on one upload, after all earlier work on it. Throws UploadNotFoundException. */
  async on<T>(uploadId: string, place: Place, work: (upload: Upload) => Promise<T>): Promise<T> {
    return this.find(uploadId, place).queue.run(() => {
      // It may have gone while this call waited for its turn.
      return work(this.find(uploadId, place));
    });
  }

  of(repositoryName: string): Upload[] {
    return [...this.uploads.values()].filter((upload) => upload.progress.repositoryName === repositoryName);
  }

  /** Drops an upload at once; its bytes are deleted when the call that is at work on it has ended. */
  forget(uploadId: string): void {
    const upload = this.uploads.get(uploadId.toLowerCase());
    if (upload === undefined) return;
    this.uploads.delete(upload.progress.uploadId);
    this.removals = Promise.all([this.removals, upload.queue.run(() => upload.remove())]);
  }

  async idle(): Promise<void> {
    await Promise.all([...this.uploads.values()].map((upload) => upload.queue.idle()));
    await this.removals;
  }

  private find(uploadId: string, place: Place): Upload {
    const upload = this.uploads.get(uploadId.toLowerCase());
    if (upload === undefined || upload.progress.repositoryName !== place.repositoryName) {
      throw uploadNotFound(uploadId, place);
    }
    if (this.lifetime !== undefined && this.now() >= upload.progress.startedAt + this.lifetime) {
      this.forget(uploadId);
      throw uploadNotFound(uploadId, place);
    }
    return upload;
  }

  private reopen(directory: string): void {
    const file = join(directory, PROGRESS_FILE);
    if (!existsSync(file)) return;
    const progress = JSON.parse(readFileSync(file, 'utf8')) as UploadProgress;
    this.uploads.set(progress.uploadId, new Upload(directory, progress, this.innerPart));
  }
}
