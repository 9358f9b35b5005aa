import { LimitExceeded, TarHeaderInvalid, TarTruncated } from '../contract/errors';
import { refuseControlCharacters, shownName } from './entry-name';
import type { HeaderBlock } from './header-block';
import { decodeText } from './header-text';
import { type PaxKey, parsePaxRecords, paxSize } from './pax-records';
import { REMAKE, UPLOAD_AGAIN } from './remedies';

// 'X' is what Solaris called 'x' before POSIX did.
const EXTENSIONS = 'xXgLK';

/** Whether a header of this type describes the entries after it instead of being one. */
export function isExtension(typeflag: string): boolean {
  return EXTENSIONS.includes(typeflag);
}

/** What PAX and GNU extension headers say about the next entry, and about all later ones. */
export class ExtensionHeaders {
  readonly #limit: number;
  readonly #global = new Map<PaxKey, string>();
  #local = new Map<PaxKey, string>();
  #longName: string | undefined;
  #longLink: string | undefined;
  #bytes = 0;
  #pendingFrom: number | undefined;

  /** `limit`: bytes that the extension headers before one entry may have together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** LimitExceeded where the content of this extension header is more than may be read. */
  admit(header: HeaderBlock, offset: number): void {
    this.#bytes += header.size;
    if (this.#bytes <= this.#limit) return;
    throw new LimitExceeded({
      found: `the extension headers before an entry take ${this.#bytes} bytes`,
      entry: shownName(header.name),
      offset,
      expected: `at most ${this.#limit} bytes`,
      remedy: 'Make the tarball again without extended attributes (GNU tar: leave out --xattrs).',
    });
  }

  /** Takes the content of an extension header whose header block lies at `offset`. */
  take(typeflag: string, content: Uint8Array, offset: number): void {
    if (typeflag === 'g') {
      for (const [key, value] of parsePaxRecords(content, offset)) this.#global.set(key, value);
      return;
    }
    this.#pendingFrom ??= offset;
    if (typeflag === 'L') this.#longName = gnuText(content, 'the GNU long name', offset);
    else if (typeflag === 'K') this.#longLink = gnuText(content, 'the GNU long link name', offset);
    else for (const [key, value] of parsePaxRecords(content, offset)) this.#local.set(key, value);
  }

  /** The header with what its extension headers change; these are then forgotten, all but the global ones. */
  applyTo(header: HeaderBlock, offset: number): HeaderBlock {
    // PAX before GNU, as GNU tar does where an entry has both.
    const name = this.#value('path') ?? this.#longName ?? header.name;
    const linkName = this.#value('linkpath') ?? this.#longLink ?? header.linkName;
    const size = this.#value('size');
    this.#local = new Map();
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#pendingFrom = undefined;
    this.#bytes = 0;
    if (size === undefined) return { ...header, name, linkName };
    return { ...header, name, linkName, size: paxSize(size, shownName(name), offset) };
  }

  /** At the archive's end: TarTruncated or TarHeaderInvalid where an extension header has no entry after it. */
  finish(endOfObject: boolean): void {
    if (this.#pendingFrom === undefined) return;
    const finding = { found: 'an extension header is the last header', offset: this.#pendingFrom };
    if (endOfObject) throw new TarTruncated({ ...finding, expected: 'the entry it describes', remedy: UPLOAD_AGAIN });
    throw new TarHeaderInvalid({ ...finding, expected: 'the entry it describes', remedy: REMAKE });
  }

  // An empty value takes the global one back as well: the header's own field counts again.
  #value(key: PaxKey): string | undefined {
    return (this.#local.get(key) ?? this.#global.get(key)) || undefined;
  }
}

function gnuText(content: Uint8Array, what: string, offset: number): string {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end -= 1;
  const text = decodeText(content.subarray(0, end));
  refuseControlCharacters(text, what, text, offset);
  if (text !== '') return text;
  throw new TarHeaderInvalid({ found: `${what} is empty`, offset, remedy: REMAKE });
}
