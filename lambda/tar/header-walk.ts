import { LimitExceeded, type SlipwayError, TarHeaderInvalid, TarTrailingData, TarTruncated } from '../contract/errors';
import { shownName } from './entry-name';
import { ExtensionHeaders, isExtension } from './extension-headers';
import { BLOCK, type HeaderBlock, hasChecksum, hasMagic, isZero, parseHeader } from './header-block';
import { HeaderWindow } from './header-window';
import { foreignObject } from './look-alike';
import { memberOf } from './member';
import type { RangedReader } from './ranged-reader';
import { REMAKE, UPLOAD_AGAIN } from './remedies';
import type { TarEntry } from './tar-index';
import type { TarLimits } from './tar-limits';

/** One walk over all headers of a tar, first to last. */
export class HeaderWalk {
  readonly #reader: RangedReader;
  readonly #limits: TarLimits;
  readonly #window: HeaderWindow;
  readonly #extensions: ExtensionHeaders;
  readonly #entries: TarEntry[] = [];
  #offset = 0;
  #members = 0;
  #nameCharacters = 0;
  #previous: string | undefined;

  constructor(reader: RangedReader, limits: TarLimits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#window = new HeaderWindow(reader);
    this.#extensions = new ExtensionHeaders(limits.extensionBytes);
  }

  /** The entries in the order they lie; to be called once. */
  async entries(): Promise<readonly TarEntry[]> {
    for (let header = await this.#header(); header; header = await this.#header()) {
      if (isExtension(header.typeflag)) await this.#takeExtension(header);
      else this.#takeMember(header);
    }
    return this.#entries;
  }

  /** The header at the walk's offset; undefined at the end of the archive. */
  async #header(): Promise<HeaderBlock | undefined> {
    const left = this.#reader.size - this.#offset;
    const block = left > 0 ? await this.#window.read(this.#offset, Math.min(left, BLOCK)) : undefined;
    // One zero block is enough: GNU tar, too, reads nothing after a lone one.
    if (!block || isZero(block)) {
      this.#extensions.finish(!block);
      return undefined;
    }
    if (block.length < BLOCK) throw await this.#shortBlock(block);
    if (!hasChecksum(block)) throw await this.#notAHeader(block);
    return parseHeader(block, this.#offset);
  }

  async #takeExtension(header: HeaderBlock): Promise<void> {
    this.#extensions.admit(header, this.#offset);
    const firstByte = this.#offset + BLOCK;
    this.#refuseTruncated(header.name, firstByte, header.size);
    const content = header.size > 0 ? await this.#window.read(firstByte, header.size) : new Uint8Array(0);
    this.#extensions.take(header.typeflag, content, this.#offset);
    this.#offset = firstByte + padded(header.size);
  }

  #takeMember(stored: HeaderBlock): void {
    const header = this.#extensions.applyTo(stored, this.#offset);
    const { entry, contentSize } = memberOf(header, this.#offset);
    const firstByte = this.#offset + BLOCK;
    this.#refuseTruncated(header.name, firstByte, contentSize);
    this.#count(header);
    if (entry) this.#entries.push(entry);
    this.#previous = header.name;
    this.#offset = firstByte + padded(contentSize);
  }

  #count(header: HeaderBlock): void {
    this.#members += 1;
    this.#nameCharacters += header.name.length + header.linkName.length;
    const exceeded =
      this.#members > this.#limits.entries
        ? `${this.#limits.entries} entries`
        : this.#nameCharacters > this.#limits.nameCharacters
          ? `${this.#limits.nameCharacters} characters of names`
          : undefined;
    if (exceeded === undefined) return;
    throw new LimitExceeded({
      found: `the tar has more than ${exceeded}`,
      entry: shownName(header.name),
      offset: this.#offset,
      remedy: 'Drop a tarball of images alone, and spread many images over several tarballs.',
    });
  }

  #refuseTruncated(name: string, firstByte: number, size: number): void {
    const present = Math.max(this.#reader.size - firstByte, 0);
    if (present >= size) return;
    throw new TarTruncated({
      found: `the object ends after ${present} of ${size} bytes of content`,
      entry: shownName(name),
      offset: firstByte,
      expected: `an object of at least ${firstByte + size} bytes`,
      remedy: UPLOAD_AGAIN,
    });
  }

  async #shortBlock(block: Uint8Array): Promise<SlipwayError> {
    if (this.#offset === 0 && !hasMagic(block)) return foreignObject(this.#reader, block);
    return new TarTruncated({
      found: `the object ends${this.#place()}, ${block.length} bytes into a header`,
      offset: this.#offset,
      expected: `a header of ${BLOCK} bytes`,
      remedy: UPLOAD_AGAIN,
    });
  }

  async #notAHeader(block: Uint8Array): Promise<SlipwayError> {
    if (this.#offset === 0 && !hasMagic(block)) return foreignObject(this.#reader, block);
    const type = hasMagic(block) ? TarHeaderInvalid : TarTrailingData;
    return new type({
      found: `the block${this.#place()} is not a header with a right checksum`,
      offset: this.#offset,
      expected: 'a header, a block of zeros, or the end of the object',
      remedy: REMAKE,
    });
  }

  #place(): string {
    return this.#previous === undefined ? '' : ` after the entry "${shownName(this.#previous)}"`;
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
