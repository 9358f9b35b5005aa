import * as z from 'zod';

const Index = z.number().int().nonnegative();

/** What the progress of a push is read from: the part that matters of what any state puts out. */
export const StateOutput = z.object({
  /** The layer that the state is about. */
  index: Index.optional(),
  upload: z.object({ uploadId: z.string(), nextByte: z.number().nonnegative() }).optional(),
  available: z.boolean().optional(),
  restarts: z.number().optional(),
  /** Layers that are done. */
  layers: z.array(z.object({ index: Index, restarts: z.number().optional() })).optional(),
  uploads: z.object({ key: z.string() }).optional(),
  /** Of FindMissingLayers: layers one by one, or several that share an invocation. */
  missing: z.array(z.union([Index, z.object({ index: Index }), z.object({ pack: z.array(Index) })])).optional(),
});
export type StateOutput = z.infer<typeof StateOutput>;
