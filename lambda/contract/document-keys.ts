/**
 * Keys of the documents of a push in the work bucket, by the name of the execution. lib/permissions.ts names the
 * documents that a function reads and writes, and a role has these keys, `*` for each name, and no others.
 */
export const DOCUMENT_KEYS = {
  plan: (push: string) => `pushes/${push}/plan.json`,
  /** What a descriptor carries, by its digest. */
  inline: (push: string, digest: string) => `pushes/${push}/inline/${digest.replace(':', '-')}`,
  uploads: (push: string, image: number | string) => `pushes/${push}/uploads-${image}.json`,
  /** How far the upload of one layer is, by its digest; or the compression of a plain one, by its diffId. */
  progress: (push: string, digest: string) => `pushes/${push}/progress/${digest.replace(':', '-')}.json`,
  outcome: (push: string, image: number | string) => `pushes/${push}/image-${image}.json`,
  receipt: (push: string) => `pushes/${push}/receipt.json`,
  failure: (push: string) => `pushes/${push}/failure.json`,
  notice: (push: string, redrive: number | string) => `pushes/${push}/notice-${redrive}.json`,
} as const;

/** Name of the push that a document is of, by its key. */
export function pushOf(key: string): string {
  return key.split('/')[1] ?? '';
}
