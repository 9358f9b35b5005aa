/** Whether a repository name matches a pattern: `*` stands for any characters, "/" included; all else is literal. */
export function matchesPattern(pattern: string, repository: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === repository;
  if (!repository.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = repository.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return repository.length - at >= last.length && repository.endsWith(last);
}
