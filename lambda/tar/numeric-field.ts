const SPACE = 0x20;
const BASE_256 = 0x80;
const NEGATIVE = 0x40;

/**
 * Value of a size field: octal digits, or GNU's big-endian base-256 where the top bit of the first byte is set.
 * `undefined` where the field is malformed, negative, or beyond 2^53 - 1.
 * https://www.gnu.org/software/tar/manual/html_node/Extensions.html
 */
export function parseNumber(field: Uint8Array): number | undefined {
  const first = field[0] ?? 0;
  return first & BASE_256 ? parseBase256(field, first) : parseOctal(field);
}

/** Value of an octal field that ends at a space, a NUL or the field's end; blank is 0, anything else `undefined`. */
export function parseOctal(field: Uint8Array): number | undefined {
  let at = 0;
  while (at < field.length && isBlank(field[at])) at += 1;
  let value = 0;
  for (; at < field.length && !isBlank(field[at]); at += 1) {
    const digit = (field[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0;
}

function parseBase256(field: Uint8Array, first: number): number | undefined {
  if (first & NEGATIVE) return undefined;
  let value = first & 0x3f;
  for (let at = 1; at < field.length; at += 1) {
    value = value * 256 + (field[at] ?? 0);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return value;
}
