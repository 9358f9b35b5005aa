const MOST_NEAR = 3;

/** Of the names those that somebody may have meant, the nearest first: few letters apart, or the same in another folder. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const reach = Math.max(1, Math.floor(wanted.length / 4));
  return names
    .filter((name) => name !== wanted)
    .map((name) => ({ name, distance: lastSegment(name) === lastSegment(wanted) ? 1 : editDistance(wanted, name) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NEAR)
    .map(({ name }) => name);
}

/** Letters to insert, take away, replace or swap with their neighbour until one text is the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
