import * as z from 'zod';

const Index = z.number().int().nonnegative();
const Upload = z.object({ uploadId: z.string(), nextByte: z.number().nonnegative() });

/** A layer that goes on on its own, or several that share an invocation; what was sent of them waits to be completed. */
const Missing = z.union([
  z.object({ index: Index, upload: Upload.optional() }),
  z.object({ pack: z.array(Index), sent: z.array(z.object({ index: Index, upload: Upload })).optional() }),
]);

/** A state was entered, or has put something out. */
export type StateEvent = { readonly entered: string } | { readonly output: unknown };

/** What the progress of a push is read from: the part that matters of what any state puts out. */
export const StateOutput = z.object({
  /** The layer that the state is about. */
  index: Index.optional(),
  upload: Upload.optional(),
  available: z.boolean().optional(),
  restarts: z.number().optional(),
  /** Layers that are done. */
  layers: z.array(z.object({ index: Index, restarts: z.number().optional() })).optional(),
  /** Of StageLayer: index of the plain layer that is compressed. */
  plainLayer: Index.optional(),
  uploads: z.object({ key: z.string() }).optional(),
  /** Of FindMissingLayers, and of a round of UploadLayers: what is to be sent or completed. */
  missing: z.array(Missing).optional(),
  /** Of UploadSmallLayers: what of its pack is not done. */
  left: z.array(Missing).optional(),
});
export type StateOutput = z.infer<typeof StateOutput>;
