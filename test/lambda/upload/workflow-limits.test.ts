import { LimitExceeded } from '../../../lambda/contract/errors';
import {
  assertImageFits,
  assertPushFits,
  assertRestartFits,
  eventsOfImage,
  mayRunOut,
} from '../../../lambda/upload/workflow-limits';

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

const large = (count: number) => ({
  unverified: Array.from({ length: count }, (_, index) => [index]),
  packs: [],
  alone: Array.from({ length: count }, (_, index) => index),
  hold: false,
});
const small = { unverified: [[0]], packs: [[0]], alone: [], hold: false };
const alone = { used: 40, later: [] };

test('an image of 500 layers fits, whether they are small or not', () => {
  expect(() => assertImageFits(large(500), alone)).not.toThrow();
  expect(() => assertImageFits(small, { used: 3_600, later: [] })).not.toThrow();
});

test('an image whose layers take more events than an execution may have is LimitExceeded', () => {
  const check = () => assertImageFits(large(800), alone);
  expect(check).toThrow(LimitExceeded);
  expect(check).toThrow('800 large layers to send after 40 events would take about 25666 events');
});

test('what the images before it took counts, and what those after it take even where ECR has all their layers', () => {
  expect(() => assertImageFits(large(200), { used: 15_000, later: [] })).not.toThrow();
  expect(() => assertImageFits(large(200), { used: 16_000, later: [] })).toThrow(LimitExceeded);
  expect(() => assertImageFits(large(200), { used: 15_000, later: images(30) })).toThrow(LimitExceeded);
  // It takes less than the large one, so it goes on where that one was set aside.
  expect(() => assertImageFits(small, { used: 16_000, later: images(30) })).not.toThrow();
});

test('the history is looked up where a push might run out of events, which few can', () => {
  const all = (count: number, layers: number) => images(count).map((image) => ({ ...image, layers }));
  expect(mayRunOut(all(1, 55))).toBe(false);
  expect(mayRunOut(all(1, 70))).toBe(true);
  expect(mayRunOut(all(150, 1))).toBe(true);
});

test('a lost layer is begun again as long as the history has room for it', () => {
  expect(() => assertRestartFits(23_000)).not.toThrow();
  expect(() => assertRestartFits(24_000)).toThrow(LimitExceeded);
});

test('an image takes what its states, its plain layers and what is sent take', () => {
  expect(eventsOfImage({ plainLayers: [] }, { unverified: [], packs: [], alone: [], hold: false })).toBe(26);
  expect(eventsOfImage({ plainLayers: [0, 1] }, small)).toBe(26 + 2 * 7 + 7 + 9);
  expect(eventsOfImage({ plainLayers: [] }, large(2))).toBe(26 + 2 * (7 + 25));
  const held = { unverified: [], packs: [[1]], alone: [0], hold: true };
  expect(eventsOfImage({ plainLayers: [] }, held)).toBe(26 + 9 + 25 + 6 + 9 + 8);
});
