/** Bytes of UploadLayerPart: received counts every call, accepted only what became part of the upload. */
export interface PartBytes {
  readonly bytesReceived: number;
  readonly bytesAccepted: number;
}

/** What came in since the emulator was created; the docker side counts under the API operations it stands for. */
export interface EcrTally extends PartBytes {
  /** Calls by operation, answered or not. */
  readonly calls: ReadonlyMap<string, number>;
  /** By uploadId. */
  readonly uploads: ReadonlyMap<string, PartBytes>;
}

/** Keeps the counters of {@link EcrTally}. */
export class Tally implements EcrTally {
  readonly calls = new Map<string, number>();
  readonly uploads = new Map<string, PartBytes>();
  bytesReceived = 0;
  bytesAccepted = 0;

  called(operation: string): void {
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
  }

  received(uploadId: string, bytes: number): void {
    this.bytesReceived += bytes;
    const before = this.of(uploadId);
    this.uploads.set(uploadId, { ...before, bytesReceived: before.bytesReceived + bytes });
  }

  accepted(uploadId: string, bytes: number): void {
    this.bytesAccepted += bytes;
    const before = this.of(uploadId);
    this.uploads.set(uploadId, { ...before, bytesAccepted: before.bytesAccepted + bytes });
  }

  private of(uploadId: string): PartBytes {
    return this.uploads.get(uploadId) ?? { bytesReceived: 0, bytesAccepted: 0 };
  }
}
