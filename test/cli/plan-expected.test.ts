import { expectedOf } from '../../cli/plan/expected';

const push = { images: [], bytesSent: 1_000_000, layersSent: 3, layersStaged: 0 };

test('without an earlier push no time is promised, and the cost is that of the states', () => {
  const { seconds, costUsd, basis } = expectedOf(push, []);
  expect(seconds).toBeUndefined();
  expect(costUsd).toBeGreaterThan(0);
  expect(basis).toContain('no push');
});

test('a push takes as long as those most alike, and longer in proportion to its bytes', () => {
  const earlier = [
    { bytes: 500_000, seconds: 10 },
    { bytes: 1_000_000, seconds: 20 },
    { bytes: 2_000_000, seconds: 30 },
    { bytes: 10, seconds: 1_000 },
  ];
  // 10 s for half the bytes, 20 s for as many, 30 s for twice as many, which a smaller push may take as well.
  expect(expectedOf(push, earlier).seconds).toBeCloseTo((20 + 20 + 30) / 3);
});

test('more layers to send cost more', () => {
  const earlier = [{ bytes: 1_000_000, seconds: 20 }];
  const cost = (layersSent: number) => expectedOf({ ...push, layersSent }, earlier).costUsd;
  expect(cost(6)).toBeGreaterThan(cost(3));
});
