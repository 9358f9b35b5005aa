import type { Pointer } from '../contract/steps';
import { writeDocument } from './work-bucket';

/** Where notes on one layer go, what they say, and what time they go by. */
export interface NoteTaking {
  readonly pointer: Pointer;
  readonly owner: string;
  /** What a note says of work that has come to this byte. */
  readonly document: (nextByte: number) => object;
  /** Milliseconds since the invocation began. */
  readonly elapsedMs: () => number;
  /** Told of a note that could not be written: nothing else comes of it. */
  readonly warn: (message: string, error: Error) => void;
}

/** Least time before the first note of an invocation, and from one to the next. */
const NOTE_EVERY_MS = 5_000;

/**
 * Leaves in the work bucket how far `work` is while it goes on, which never waits for it. Nothing is being written any
 * more when this returns: what `work` comes to says more than a note.
 */
export async function takingNotes<T>(
  notes: NoteTaking,
  work: (onProgress: (nextByte: number) => void) => Promise<T>,
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
    return await work(note);
  } finally {
    end.abort();
    await writing;
  }
}

async function write({ pointer, owner, document, warn }: NoteTaking, nextByte: number, abortSignal: AbortSignal) {
  await writeDocument(pointer, owner, document(nextByte), { abortSignal }).catch((error: Error) => {
    if (!abortSignal.aborted) warn('progress not noted', error);
  });
}
