import fc from 'fast-check';
import { assertUploadable, MAX_PARTS, type Part, partAt } from '../../../lambda/upload/part-plan';

const layer = (size: number) => ({ digest: 'sha256:a', entry: 'layer.tar', size });

test('parts follow each other from byte 0 to the last, all but the last of one size', () => {
  const sizes = fc.record({ size: fc.integer({ min: 1, max: 10_000 }), partSize: fc.integer({ min: 1, max: 3_000 }) });
  fc.assert(
    fc.property(sizes, ({ size, partSize }) => {
      const parts: Part[] = [];
      for (let part = partAt(0, size, partSize); part; part = partAt(part.lastByte + 1, size, partSize))
        parts.push(part);
      expect(parts[0]?.firstByte).toBe(0);
      expect(parts.at(-1)?.lastByte).toBe(size - 1);
      expect(parts.slice(1).map(({ firstByte }) => firstByte)).toEqual(
        parts.slice(0, -1).map(({ lastByte }) => lastByte + 1),
      );
      const lengths = parts.slice(0, -1).map(({ firstByte, lastByte }) => lastByte - firstByte + 1);
      expect(lengths.filter((length) => length !== partSize)).toEqual([]);
    }),
  );
});

test('there is no part after the last byte', () => {
  expect(partAt(100, 100, 10)).toBeUndefined();
});

test('a layer of as many parts as ECR takes is sent, one byte more is refused by name', () => {
  expect(() => assertUploadable(layer(MAX_PARTS * 10), 10)).not.toThrow();
  expect(() => assertUploadable(layer(MAX_PARTS * 10 + 1), 10)).toThrow(
    expect.objectContaining({ name: 'LimitExceeded', message: expect.stringContaining('42001 bytes') }),
  );
});

test('a layer without bytes is refused, because ECR stores none', () => {
  expect(() => assertUploadable(layer(0), 10)).toThrow(expect.objectContaining({ name: 'EmptyBlob' }));
});
