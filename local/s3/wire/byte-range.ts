import { S3Error } from './s3-error';

/** Bytes of an object, both ends inclusive. */
export interface ByteRange {
  readonly firstByte: number;
  readonly lastByte: number;
}

/**
 * Reads a Range header against an object of `size` bytes. As in S3, several ranges or a malformed one count as none.
 * InvalidRange where no byte of it exists. https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '');
  if (!match || header === undefined) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const lastByte = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  const firstByte = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  if (firstByte > lastByte) {
    throw new S3Error('InvalidRange', { details: { RangeRequested: header, ActualObjectSize: size } });
  }
  return { firstByte, lastByte };
}
