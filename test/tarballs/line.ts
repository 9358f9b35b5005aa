/** One line of the printed matrix; what is absent was not reached. */
export interface Line {
  readonly name: string;
  /** Bytes of the object that inspecting it reads. */
  readonly inspected: number;
  readonly result?: string;
  /** Number of images that were pushed. */
  readonly images?: number;
  /** Whether skopeo pulls back what the tarball has. */
  skopeo?: string;
}

/** The lines in columns. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ name, result = 'not pushed', images = 0, inspected, skopeo = '' }) => {
    return [name, result, String(images), String(inspected), skopeo];
  });
  const all = [['tarball', 'result', 'images', 'bytes inspected', 'skopeo'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  return all
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}
