import * as z from 'zod';

/** Repository names; `*` stands for any characters, "/" included. */
export const RepositoryPattern = z
  .string()
  .max(256)
  .regex(/^[a-z0-9*][a-z0-9._/*-]*$/);

/** Whether a name or tag matches a pattern: `*` stands for any characters, "/" included; all else is literal. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}

/** Whether all names that one pattern stands for are names that another stands for, too. */
export function coversPattern(wide: string, narrow: string): boolean {
  // No name holds a "*", so only a "*" of the wide one can stand for it.
  return matchesPattern(wide, narrow);
}
