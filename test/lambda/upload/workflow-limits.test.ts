import { LimitExceeded } from '../../../lambda/contract/errors';
import { assertImageFits, assertPushFits } from '../../../lambda/upload/workflow-limits';

const images = (count: number, { plainLayers = 0 } = {}) =>
  Array.from({ length: count }, () => ({ plainLayers: Array.from({ length: plainLayers }) }));

test.each([
  [500, 0],
  [150, 10],
  [1, 500],
])('%d images of %d plain layers each fit one execution', (count, plainLayers) => {
  expect(() => assertPushFits(images(count, { plainLayers }))).not.toThrow();
});

test.each([
  [501, 0, '501 images'],
  [500, 10, '500 images with 5000 layers to compress'],
  [1, 3_200, '1 images with 3200 layers to compress'],
])('%d images of %d plain layers each are LimitExceeded', (count, plainLayers, what) => {
  const check = () => assertPushFits(images(count, { plainLayers }));
  expect(check).toThrow(LimitExceeded);
  expect(check).toThrow(what);
});

const each = (count: number, packs = 1) => ({
  unverified: Array.from({ length: packs }, () => [0]),
  alone: Array.from({ length: count }, (_, index) => index),
});

test('an image of 500 layers fits, whether they are small or not', () => {
  expect(() => assertImageFits({ plainLayers: 500, packs: [], ...each(500, 500) })).not.toThrow();
  expect(() => assertImageFits({ plainLayers: 500, packs: [[0], [1]], ...each(0, 2) })).not.toThrow();
});

test('an image whose layers take more events than an execution may have is LimitExceeded', () => {
  const check = () => assertImageFits({ plainLayers: 0, packs: [], ...each(800, 800) });
  expect(check).toThrow(LimitExceeded);
  expect(check).toThrow('800 large ones to send');
});
