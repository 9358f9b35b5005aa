/** Bounds of what an index may take; LimitExceeded names the one that is exceeded. */
export interface TarLimits {
  /** Members, skipped ones too. */
  readonly entries: number;
  /** Bytes of the extension headers before one entry. */
  readonly extensionBytes: number;
  /** Characters of all names and link names together. */
  readonly nameCharacters: number;
}

/** The bounds that hold where none are given. */
export const TAR_LIMITS: TarLimits = {
  entries: 1_000_000,
  extensionBytes: 1024 * 1024,
  nameCharacters: 128 * 1024 * 1024,
};
