const MIB = 1024 * 1024;

// What a function has in memory before it holds any part: Node, the SDK and its heap.
const OTHER_MIB = 170;

/** What decides how many parts of a layer may be on their way at once. */
export interface SendingRoom {
  /** What the deployment asks for. */
  readonly wanted: number;
  /** MiB that the function has. */
  readonly memoryMib: number;
  readonly partSize: number;
  /** How often the layer's upload began anew. */
  readonly restarts: number;
}

/**
 * Parts of one layer on their way at once: as many as wanted, as the memory holds beside one that is read ahead, and
 * one alone after a restart, for what was lost may have been lost to that.
 */
export function partsInFlight({ wanted, memoryMib, partSize, restarts }: SendingRoom): number {
  if (restarts > 0) return 1;
  // In memory a part is base64.
  const held = Math.floor(((memoryMib - OTHER_MIB) * MIB) / ((partSize / 3) * 4));
  return Math.max(1, Math.min(wanted, held - 1));
}
