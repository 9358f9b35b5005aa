import type { Pointer } from '../contract/steps';
import type { UploadProgress } from '../contract/upload-progress';
import { writeDocument } from './work-bucket';

/** Where notes on one upload go, and what time they go by. */
export interface NoteTaking {
  readonly pointer: Pointer;
  readonly owner: string;
  readonly uploadId: string;
  /** Milliseconds since the invocation began. */
  readonly elapsedMs: () => number;
  /** Told of a note that could not be written: nothing else comes of it. */
  readonly warn: (message: string, error: Error) => void;
}

/** Least time before the first note of an invocation, and from one to the next. */
const NOTE_EVERY_MS = 5_000;

/**
 * Leaves in the work bucket how far an upload is while `send` goes on, which never waits for it. Nothing is being
 * written any more when this returns: what `send` comes to says more than a note.
 */
export async function takingNotes<T>(
  notes: NoteTaking,
  send: (onAcknowledged: (nextByte: number) => void) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  let lastAt = 0;
  let writing: Promise<void> | undefined;
  const note = (nextByte: number) => {
    const at = notes.elapsedMs();
    if (writing || at - lastAt < NOTE_EVERY_MS) return;
    lastAt = at;
    writing = write(notes, nextByte, end.signal).finally(() => {
      writing = undefined;
    });
  };
  try {
    return await send(note);
  } finally {
    end.abort();
    await writing;
  }
}

async function write({ pointer, owner, uploadId, warn }: NoteTaking, nextByte: number, abortSignal: AbortSignal) {
  const progress: UploadProgress = { uploadId, nextByte };
  await writeDocument(pointer, owner, progress, { abortSignal }).catch((error: Error) => {
    if (!abortSignal.aborted) warn('progress not noted', error);
  });
}
