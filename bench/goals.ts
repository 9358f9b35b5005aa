/** One ratio that is to be reached: at most `most`. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  readonly most: number;
  /** Where it is not met: why, and where the limit is. @default the text below the table tells */
  readonly note?: string;
}

/** The goals as a markdown table. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ name, measured, most, note }) => {
    const verdict = measured <= most ? 'met |' : `not met | ${note ?? 'see below'}`;
    return `| ${name} | ${measured.toFixed(3)} | ≤ ${most} | ${verdict} |`;
  });
  return ['| goal | measured | limit | | |', '|---|---|---|---|---|', ...rows].join('\n');
}
