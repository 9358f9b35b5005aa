import * as z from 'zod';

/** Who does a piece of work that is done once, since when (epoch milliseconds), and whether it is done. */
export const Claim = z.object({ holder: z.string(), at: z.number(), done: z.boolean() });
export type Claim = z.infer<typeof Claim>;
