import { PathUnsafe, TarHeaderInvalid } from '../contract/errors';
import { REMAKE } from './remedies';

const SHOWN = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const CONTROL = /[\0-\x1f\x7f]/;

/** A stored name made into an entry's; '' is the archive's own root. */
export interface EntryName {
  readonly name: string;
  /** Whether the stored name ends as that of a directory does. */
  readonly endsWithSlash: boolean;
}

/** Drops a leading "./" and trailing slashes; PathUnsafe where the name leaves the archive, else TarHeaderInvalid. */
export function entryName(stored: string, offset: number): EntryName {
  refuseControlCharacters(stored, 'the name', stored, offset);
  if (stored === '') throw new TarHeaderInvalid({ found: 'an entry has no name', offset, remedy: REMAKE });
  if (stored.startsWith('/')) throw unsafe('the name is absolute', stored, offset);
  if (stored.split('/').includes('..')) throw unsafe('the name has a ".." segment', stored, offset);
  const name = withoutTrailingSlashes(withoutLeadingDot(stored));
  return { name: name === '.' ? '' : name, endsWithSlash: stored.endsWith('/') };
}

/** Drops "./" from the front, however often it stands there. */
export function withoutLeadingDot(stored: string): string {
  return stored.replace(/^(?:\.\/+)+/, '');
}

/** TarHeaderInvalid where `text` has a NUL or another control character; `what` says what the text is. */
export function refuseControlCharacters(text: string, what: string, entry: string, offset: number): void {
  const at = text.search(CONTROL);
  if (at < 0) return;
  const code = text.charCodeAt(at).toString(16).padStart(2, '0');
  throw new TarHeaderInvalid({
    found: `${what} holds the control character 0x${code}`,
    entry: shownName(entry),
    offset,
    expected: 'printable characters',
    remedy: REMAKE,
  });
}

/** A name fit for a message: control characters escaped, and cut where it is very long. */
export function shownName(name: string): string {
  const short = name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name;
  return Array.from(short, (character) => (CONTROL.test(character) ? escaped(character) : character)).join('');
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

// No regular expression: /\/+$/ takes quadratic time on a long run of slashes that does not end the name.
function withoutTrailingSlashes(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === '/') end -= 1;
  return name.slice(0, end);
}

function unsafe(found: string, stored: string, offset: number): PathUnsafe {
  const remedy = 'Make the tarball with names relative to its root: "tar -C FOLDER -cf image.tar .".';
  return new PathUnsafe({ found, entry: shownName(stored), offset, expected: 'a path inside the archive', remedy });
}
