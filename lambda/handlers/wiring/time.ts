/** What a part may still need after the time is looked at: three tries of at most 60 seconds each, and the way out. */
export const PART_RESERVE_MS = 200_000;
