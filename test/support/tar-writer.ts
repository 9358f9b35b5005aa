import { bytes, type TarContent, zeros } from './tar-content';
import { headerBlock, paxRecord, type TarFormat } from './tar-header';

/** One member: its header blocks, content and padding. */
export type TarMember = readonly TarContent[];

/** How a member is written; all but `name` and content can be bent into something no tool would write. */
export interface MemberOptions {
  /** `pax` where absent. */
  readonly format?: TarFormat;
  /** One character; what the member's kind asks for where absent. */
  readonly typeflag?: string;
  /** Where the size stands; where the format has it, if absent: octal up to 8 GiB. */
  readonly sizeAs?: 'octal' | 'base-256' | 'pax';
  /** Size that the header tells, where it is not the content's. */
  readonly declaredSize?: number;
  /** More PAX records, in this order after those the member itself needs. */
  readonly pax?: Readonly<Record<string, string>>;
  /** `wrong` is off by one. */
  readonly checksum?: 'unsigned' | 'signed' | 'wrong';
}

/** How the archive as a whole ends. */
export interface TarballOptions {
  /** Blocks of zeros after the last member: 2 where absent. */
  readonly endBlocks?: number;
  /** Zeros up to a multiple of this many bytes. */
  readonly recordSize?: number;
  /** Bytes after the end. */
  readonly trailing?: string | Uint8Array;
  /** Bytes that are left of the whole. */
  readonly truncateAt?: number;
}

type Name = string | Uint8Array;
const OCTAL_END = 8 ** 11;
const GNU_LONG = '././@LongLink';

/** A regular file. */
export function file(name: Name, content: string | Uint8Array | TarContent = '', options?: MemberOptions): TarMember {
  const body = typeof content === 'string' || content instanceof Uint8Array ? bytes(content) : content;
  return member('0', name, '', body, options);
}

/** A directory; the "/" at the end of its name is added where it lacks. */
export function directory(name: string, options?: MemberOptions): TarMember {
  return member('5', name.endsWith('/') ? name : `${name}/`, '', bytes(''), options);
}

/** A symbolic link. */
export function symlink(name: Name, target: string, options?: MemberOptions): TarMember {
  return member('2', name, target, bytes(''), options);
}

/** A hard link; `target` counts from the archive's root. */
export function hardlink(name: Name, target: string, options?: MemberOptions): TarMember {
  return member('1', name, target, bytes(''), options);
}

/** A PAX header for all members after it. */
export function globalPax(records: Readonly<Record<string, string>>): TarMember {
  return extension('g', 'pax_global_header', paxBody(records), 'pax');
}

/** An extension header with exactly this content: `x` and `g` (PAX), `L` and `K` (GNU). */
export function extension(typeflag: string, name: string, content: Uint8Array, format: TarFormat): TarMember {
  return plainMember(typeflag, Buffer.from(name), Buffer.alloc(0), bytes(content), { format });
}

/** Bytes as they are, such as a lone block of zeros. */
export function raw(content: string | Uint8Array | TarContent): TarMember {
  return [typeof content === 'string' || content instanceof Uint8Array ? bytes(content) : content];
}

/** The members one after the other, and the end. */
export function tarball(members: readonly TarMember[], options: TarballOptions = {}): Tarball {
  const parts = [...members.flat(), zeros((options.endBlocks ?? 2) * 512)];
  const whole = new Tarball(parts);
  const fill = options.recordSize ? -whole.size % options.recordSize : 0;
  if (fill < 0) parts.push(zeros(fill + (options.recordSize ?? 0)));
  if (options.trailing !== undefined) parts.push(bytes(options.trailing));
  return new Tarball(parts, options.truncateAt);
}

/** A finished archive, in memory only as far as it is looked at. */
export class Tarball implements TarContent {
  readonly size: number;
  readonly #parts: readonly TarContent[];

  constructor(parts: readonly TarContent[], truncateAt = Number.POSITIVE_INFINITY) {
    this.#parts = parts.filter(({ size }) => size > 0);
    const whole = this.#parts.reduce((sum, { size }) => sum + size, 0);
    this.size = Math.min(whole, truncateAt);
  }

  slice(firstByte: number, length: number): Buffer {
    const slices: Uint8Array[] = [];
    const end = firstByte + length;
    let start = 0;
    for (const part of this.#parts) {
      const from = Math.max(firstByte, start);
      const to = Math.min(end, start + part.size);
      if (from < to) slices.push(part.slice(from - start, to - from));
      start += part.size;
    }
    return Buffer.concat(slices);
  }

  /** All of it. */
  toBuffer(): Buffer {
    return this.slice(0, this.size);
  }

  /** All of it in pieces of at most `pieceSize` bytes. */
  async *stream(pieceSize = 1024 * 1024): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.size; at += pieceSize) yield this.slice(at, Math.min(pieceSize, this.size - at));
  }
}

function member(typeflag: string, name: Name, link: string, body: TarContent, options: MemberOptions = {}): TarMember {
  const format = options.format ?? 'pax';
  const size = options.declaredSize ?? body.size;
  const isBig = size >= OCTAL_END;
  const sizeAs = options.sizeAs ?? (isBig ? (format === 'gnu' ? 'base-256' : 'pax') : 'octal');
  const nameBytes = Buffer.from(name);
  const linkBytes = Buffer.from(link);
  const records: Record<string, string> = {};
  const before: TarMember[] = [];
  if (format === 'pax' && nameBytes.length > 100) records.path = nameBytes.toString();
  if (format === 'pax' && linkBytes.length > 100) records.linkpath = link;
  if (sizeAs === 'pax') records.size = String(size);
  Object.assign(records, options.pax);
  if (Object.keys(records).length > 0) before.push(extension('x', 'PaxHeaders/0', paxBody(records), 'pax'));
  if (format === 'gnu' && linkBytes.length > 100) before.push(gnuLong('K', linkBytes));
  if (format === 'gnu' && nameBytes.length > 100) before.push(gnuLong('L', nameBytes));
  return [...before.flat(), ...plainMember(typeflag, nameBytes, linkBytes, body, { ...options, format, sizeAs })];
}

function plainMember(
  typeflag: string,
  name: Buffer,
  linkName: Buffer,
  body: TarContent,
  { format = 'pax', sizeAs = 'octal', ...options }: MemberOptions,
): TarMember {
  const size = options.declaredSize ?? body.size;
  const header = headerBlock({
    ...placeName(name, format),
    typeflag: options.typeflag ?? (format === 'v7' && typeflag === '0' ? '\0' : typeflag),
    // What writers put into the field when the PAX record has the size.
    size: sizeAs === 'pax' ? 0 : size,
    sizeAs: sizeAs === 'base-256' ? 'base-256' : 'octal',
    linkName,
    format,
    checksum: options.checksum ?? 'unsigned',
  });
  return [bytes(header), body, zeros((512 - (body.size % 512)) % 512)];
}

/** ustar alone breaks a long name at a "/"; the others have it in an extension header. */
function placeName(name: Buffer, format: TarFormat): { name: Buffer; prefix?: Buffer } {
  if (format !== 'ustar' || name.length <= 100) return { name };
  const at = name.indexOf('/', name.length - 101);
  if (at < 1 || at > 155) throw new RangeError(`no ustar header can hold the name ${name.toString()}`);
  return { prefix: name.subarray(0, at), name: name.subarray(at + 1) };
}

function gnuLong(typeflag: 'L' | 'K', text: Buffer): TarMember {
  return extension(typeflag, GNU_LONG, Buffer.concat([text, Buffer.alloc(1)]), 'gnu');
}

function paxBody(records: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
}
