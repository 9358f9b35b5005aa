import { isObject } from '../json';
import { ServiceError } from '../service-error';

/** One page of a list, and the token of the next one where there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** What a list is of: a token serves no other. */
export interface Listing<T> {
  readonly scope: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Which of the items are on pages at all; all of them where absent. */
  readonly wanted?: (item: T) => boolean;
}

/** The page after the item that the token names; items that came in since do not move it. InvalidToken. */
export function pageOf<T>(listing: Listing<T>, token: string | undefined, size: number): Page<T> {
  const { scope, items, keyOf, wanted = () => true } = listing;
  const last = token === undefined ? undefined : lastKey(token, scope);
  const at = last === undefined ? -1 : items.findIndex((item) => keyOf(item) === last);
  if (last !== undefined && at < 0) throw invalidToken();
  const rest = items.slice(at + 1).filter(wanted);
  const page = rest.slice(0, size);
  const end = page.at(-1);
  if (end === undefined || rest.length <= size) return { items: page };
  return { items: page, nextToken: Buffer.from(JSON.stringify({ scope, last: keyOf(end) })).toString('base64url') };
}

function lastKey(token: string, scope: string): string {
  const found = parse(Buffer.from(token, 'base64url').toString('utf8'));
  if (!isObject(found) || found.scope !== scope || typeof found.last !== 'string') throw invalidToken();
  return found.last;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidToken();
  }
}

function invalidToken(): ServiceError {
  return new ServiceError('InvalidToken', 'Invalid Token: The nextToken is not one of this list');
}
