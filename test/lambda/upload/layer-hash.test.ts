import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Internal } from '../../../lambda/contract/errors';
import { LayerHash } from '../../../lambda/upload/layer-hash';

test('ranges that overlap, come twice or lie behind count each byte once', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const cuts = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100)), { maxLength: 20 });
  fc.assert(
    fc.property(bytes, cuts, (layer, ranges) => {
      const hash = new LayerHash();
      for (const [share, length] of [...ranges, [1, 300] as const]) {
        const firstByte = Math.floor(share * hash.nextByte);
        hash.add(firstByte, layer.subarray(firstByte, firstByte + length));
      }
      hash.add(0, layer);
      expect(hash.nextByte).toBe(layer.length);
      expect(hash.digest()).toBe(`sha256:${createHash('sha256').update(layer).digest('hex')}`);
    }),
  );
});

test('a range that leaves bytes out is refused', () => {
  const hash = new LayerHash();
  hash.add(0, Buffer.alloc(10));
  expect(() => hash.add(11, Buffer.alloc(1))).toThrow(Internal);
});
