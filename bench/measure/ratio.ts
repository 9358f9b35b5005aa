import { median } from './median';

/** What a tool took in one round. */
export interface Run extends Round {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

interface Round {
  readonly round: number;
}

/**
 * The median of the ratios of two round by round, for what slows the machine for some minutes slows both; NaN where
 * they have no round in common.
 */
export function ratioOf<R extends Round>(mine: readonly R[], theirs: readonly R[], pick: (run: R) => number): number {
  const ratios = mine.flatMap((run) => {
    const other = theirs.find(({ round }) => round === run.round);
    return other ? [pick(run) / pick(other)] : [];
  });
  return median(ratios);
}
