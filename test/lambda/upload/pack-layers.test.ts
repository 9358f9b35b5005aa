import fc from 'fast-check';
import { LARGEST_PACKED_LAYER } from '../../../lambda/contract/packing';
import type { PlannedLayer } from '../../../lambda/contract/upload-plan';
import { packLayers, packMissing } from '../../../lambda/upload/pack-layers';

const PACKING = { largest: 30, bytes: 100, layers: 4 };

const layersOf = (...sizes: number[]) => sizes.map((size, index) => ({ index, size }));
const pack = (...sizes: number[]) => packLayers(layersOf(...sizes), PACKING);

test('small layers share a pack, in their order, and larger ones have none', () => {
  expect(pack(1, 31, 30, 2)).toEqual({ packs: [[0, 2, 3]], alone: [1] });
});

test('larger ones go by their size, the largest first, so that none is begun last that takes long', () => {
  expect(pack(40, 31, 50, 40).alone).toEqual([2, 0, 3, 1]);
});

test('a pack that is full by its bytes is followed by another', () => {
  expect(pack(30, 30, 30, 10, 1)).toEqual({ packs: [[0, 1, 2, 3], [4]], alone: [] });
  expect(pack(30, 30, 30, 11)).toEqual({ packs: [[0, 1, 2], [3]], alone: [] });
});

test('a pack that is full by its layers is followed by another', () => {
  expect(pack(1, 1, 1, 1, 1)).toEqual({ packs: [[0, 1, 2, 3], [4]], alone: [] });
});

test('what is all sent takes no room in a pack, whatever its size, and what is begun goes on on its own', () => {
  const layers = [
    { index: 0, size: 90 },
    { index: 1, size: 500, sent: 'all' as const },
    { index: 2, size: 5, sent: 'some' as const },
    { index: 3, size: 10 },
  ];
  expect(packLayers(layers, { ...PACKING, largest: 95 })).toEqual({ packs: [[0, 1, 3]], alone: [2] });
});

test('nothing is packed into nothing', () => {
  expect(pack()).toEqual({ packs: [], alone: [] });
});

test('each layer is in one place, no pack exceeds its bounds, and two packs that follow each other would not fit one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (sizes) => {
      const { packs, alone } = pack(...sizes);
      const bytes = (indexes: number[]) => indexes.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
      expect([...packs.flat(), ...alone].sort((a, b) => a - b)).toEqual(sizes.map((_, index) => index));
      expect(packs.filter((one) => bytes(one) > PACKING.bytes || one.length > PACKING.layers)).toEqual([]);
      const mergeable = packs.slice(1).filter((one, before) => {
        const both = [...(packs[before] ?? []), one[0] ?? 0];
        return bytes(both) <= PACKING.bytes && both.length <= PACKING.layers;
      });
      expect(mergeable).toEqual([]);
    }),
  );
});

const MIB = 1024 ** 2;
const missing = (...layers: [mib: number, verify: PlannedLayer['verify']][]) =>
  packMissing(
    layers.map(([mib, verify], index) => ({ index, size: mib * MIB, verify })),
    LARGEST_PACKED_LAYER,
  );

test('what is verified already is only sent, and large layers are verified one by one', () => {
  expect(missing([1, 'first'], [40, 'first'], [200, 'first'], [2, 'not'])).toEqual({
    unverified: [[2], [0, 1]],
    packs: [[0, 3]],
    alone: [2, 1],
    hold: false,
  });
});

test('layers that are verified on the way are held, unless they share one invocation', () => {
  expect(missing([40, 'sending'], [1, 'not'])).toEqual({ unverified: [], packs: [[1]], alone: [0], hold: true });
  expect(missing([40, 'sending'])).toMatchObject({ alone: [0], hold: false });
  expect(missing([1, 'sending'], [2, 'sending'])).toMatchObject({ packs: [[0, 1]], hold: false });
  expect(missing([40, 'not'], [41, 'not'])).toMatchObject({ hold: false });
});
