/** Dialects a header can be written in; `pax` is ustar with extended headers where a field is too small. */
export type TarFormat = 'v7' | 'ustar' | 'pax' | 'gnu';

/** What goes into one header block; names as text (UTF-8) or raw bytes. */
export interface HeaderFields {
  readonly name: Uint8Array;
  readonly prefix?: Uint8Array;
  readonly typeflag: string;
  readonly size: number;
  readonly sizeAs: 'octal' | 'base-256';
  readonly linkName: Uint8Array;
  readonly format: TarFormat;
  readonly checksum: 'unsigned' | 'signed' | 'wrong';
}

/** The 512 bytes of a header. Fields longer than their place are cut. */
export function headerBlock(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(512);
  put(block, 0, 100, fields.name);
  put(block, 100, 8, octal(0o644, 7));
  put(block, 108, 8, octal(0, 7));
  put(block, 116, 8, octal(0, 7));
  put(block, 124, 12, fields.sizeAs === 'octal' ? octal(fields.size, 11) : base256(fields.size));
  put(block, 136, 12, octal(1_700_000_000, 11));
  put(block, 156, 1, Buffer.from(fields.typeflag, 'latin1'));
  put(block, 157, 100, fields.linkName);
  if (fields.format !== 'v7') {
    put(block, 257, 8, Buffer.from(fields.format === 'gnu' ? 'ustar  \0' : 'ustar\x0000', 'latin1'));
    put(block, 265, 32, Buffer.from('root'));
    put(block, 297, 32, Buffer.from('root'));
    if (fields.prefix) put(block, 345, 155, fields.prefix);
  }
  put(block, 148, 8, Buffer.from(`${checksum(block, fields.checksum).toString(8).padStart(6, '0')}\0 `, 'latin1'));
  return block;
}

/** One PAX record: its decimal length counts itself, the space and the newline. */
export function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function put(block: Buffer, at: number, most: number, bytes: Uint8Array): void {
  block.set(bytes.subarray(0, most), at);
}

function octal(value: number, digits: number): Buffer {
  return Buffer.from(value.toString(8).padStart(digits, '0'), 'latin1');
}

function base256(value: number): Buffer {
  const field = Buffer.alloc(12);
  field.writeBigUInt64BE(BigInt(value), 4);
  field[0] = 0x80;
  return field;
}

function checksum(block: Buffer, kind: HeaderFields['checksum']): number {
  block.fill(' ', 148, 156);
  const bytes = kind === 'signed' ? new Int8Array(block.buffer, block.byteOffset, 512) : block;
  let sum = kind === 'wrong' ? 1 : 0;
  for (const byte of bytes) sum += byte;
  return sum;
}
