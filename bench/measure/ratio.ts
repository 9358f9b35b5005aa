import { median } from './median';

/** What a tool took in one round. */
export interface Run {
  readonly round: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/**
 * The median of the ratios of two tools round by round, for what slows the machine for some minutes slows both; NaN where
 * they have no round in common.
 */
export function ratioOf(mine: readonly Run[], theirs: readonly Run[], pick: (run: Run) => number): number {
  const ratios = mine.flatMap((run) => {
    const other = theirs.find(({ round }) => round === run.round);
    return other ? [pick(run) / pick(other)] : [];
  });
  return median(ratios);
}
