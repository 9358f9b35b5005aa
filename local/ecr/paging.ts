import { invalidParameter } from './errors';
import { type Fields, optionalText, optionalWhole } from './input';

/** Which page of a listing a call asks for. */
export interface PageRequest {
  readonly first: number;
  readonly count: number;
}

/** Reads maxResults (1 to 1000, else 100) and nextToken. */
export function pageRequest(input: Fields): PageRequest {
  const count = optionalWhole(input, 'maxResults', { min: 1, max: 1000 }) ?? 100;
  const token = optionalText(input, 'nextToken');
  return { first: token === undefined ? 0 : parseToken(token), count };
}

/** Refuses paging in a call that names what it wants. */
export function refusePaging(input: Fields, names: string): void {
  for (const field of ['maxResults', 'nextToken']) {
    if ((input[field] ?? undefined) !== undefined) {
      throw invalidParameter(field, `must not be given together with '${names}'`);
    }
  }
}

/** The items of one page, and the token for the next where there is one. */
export function page<T>(items: readonly T[], { first, count }: PageRequest): { items: T[]; nextToken?: string } {
  const end = first + count;
  const next = end < items.length ? { nextToken: Buffer.from(`from:${end}`).toString('base64') } : {};
  return { items: items.slice(first, end), ...next };
}

function parseToken(token: string): number {
  const match = /^from:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('latin1'));
  if (match === null) throw invalidParameter('nextToken', 'must be a token of an earlier response');
  return Number(match[1]);
}
