import { kindOf, PEEK } from '../../../lambda/image/magic';
import { emptyLayer, layerOf } from '../../support/image-parts';
import { file, tarball } from '../../support/tar-writer';

const head = (bytes: Uint8Array) => kindOf(bytes.subarray(0, PEEK));

test('content is told by its bytes', () => {
  expect(head(layerOf({ compression: 'none' }).stored)).toBe('tar');
  expect(head(layerOf({ compression: 'gzip' }).stored)).toBe('gzip');
  expect(head(layerOf({ compression: 'zstd' }).stored)).toBe('zstd');
  expect(head(Buffer.from(' \n{"a":1}'))).toBe('json');
  expect(head(Buffer.from('plain text'))).toBe('unknown');
  expect(head(Buffer.alloc(0))).toBe('unknown');
});

test('formats that Node does not write are told by their first bytes', () => {
  expect(head(Buffer.from('fd377a585a000004', 'hex'))).toBe('xz');
  expect(head(Buffer.from('BZh91AY', 'latin1'))).toBe('bzip2');
});

test('a zstd stream may begin with a skippable frame', () => {
  const skippable = Buffer.from('502a4d180400000000000000', 'hex');
  expect(head(Buffer.concat([skippable, layerOf({ compression: 'zstd' }).stored]))).toBe('zstd');
});

test('a tar of old has no magic, and that of nothing only zeros', () => {
  expect(head(tarball([file('old', 'x', { format: 'v7' })]).toBuffer())).toBe('tar');
  expect(head(emptyLayer().stored)).toBe('tar');
  expect(head(Buffer.alloc(100))).toBe('unknown');
});

test('a tar whose first file has the name of a signature is a tar', () => {
  expect(head(tarball([file('BZh9', 'x')]).toBuffer())).toBe('tar');
});
