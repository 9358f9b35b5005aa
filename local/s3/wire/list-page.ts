import { invalidArgument } from './s3-error';
import type { S3Request } from './s3-request';

/** What a list asks for. */
export interface PageRequest {
  readonly prefix: string;
  /** Keys that go on behind it are rolled up into common prefixes; empty for none. */
  readonly delimiter: string;
  /** Most items and common prefixes together. */
  readonly size: number;
  /** The common prefix that the page before ended with. */
  readonly after?: string | undefined;
}

/** One page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly prefixes: readonly string[];
  /** The last row or common prefix on the page, where more follow. */
  readonly next: { readonly row?: Row; readonly prefix?: string } | undefined;
}

/** Takes one page of rows, which come in order of their keys and begin where the page does. */
export function listPage<Row extends { readonly key: string }>(rows: Iterable<Row>, request: PageRequest): Page<Row> {
  const taken: Row[] = [];
  const prefixes: string[] = [];
  let last: { row?: Row; prefix?: string } = {};
  for (const row of rows) {
    if (!row.key.startsWith(request.prefix)) continue;
    const prefix = rolledUp(row.key, request);
    if (prefix !== undefined && (prefix === request.after || prefix === prefixes.at(-1))) continue;
    if (taken.length + prefixes.length >= request.size) {
      return { rows: taken, prefixes, next: request.size === 0 ? undefined : last };
    }
    if (prefix === undefined) taken.push(row);
    else prefixes.push(prefix);
    last = prefix === undefined ? { row } : { prefix };
  }
  return { rows: taken, prefixes, next: undefined };
}

/** How keys are written in the answer: as they are, or percent-encoded where `encoding-type=url` asks. InvalidArgument. */
export function keyEncoder({ query }: S3Request): (key: string) => string {
  const type = query.get('encoding-type');
  if (type === undefined || type === '') return (key) => key;
  if (type !== 'url') throw invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  return (key) =>
    encodeURIComponent(key)
      .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/%20/g, '+')
      .replace(/%2F/g, '/');
}

function rolledUp(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
