import { layerSizes } from '../../bench/model/layer-sizes';
import { pushLaw } from '../../bench/model/push-law';
import { expectedOf } from '../../cli/plan/expected';
import type { PlanLayer } from '../../cli/plan/planned-push';
import { workloadOf } from '../../cli/plan/workload';
import { costOf } from '../../lambda/upload/list-prices';

const MIB = 1024 ** 2;

const layer = (size: number, fields: Partial<PlanLayer> = {}): PlanLayer => {
  return {
    digest: `sha256:${size}`,
    size,
    entry: 'layer',
    bytesSent: size,
    skipped: false,
    staged: false,
    sentEarly: false,
    verify: 'sending',
    ...fields,
  };
};
const takes = (...layers: PlanLayer[]) => workloadOf([{ layers }]);
const expected = (...earlier: { bytes: number; seconds: number }[]) =>
  expectedOf(1_000_000, takes(layer(1_000_000)), earlier);

test('without an earlier push no time is promised, and the cost is that of what it takes', () => {
  const { seconds, costUsd, basis } = expected();
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
  expect(expected(...earlier).seconds).toBeCloseTo((20 + 20 + 30) / 3);
});

test('many small layers share the states of one, large ones do not, and what is there takes none', () => {
  const small = Array.from({ length: 30 }, () => layer(MIB));
  expect(takes(...small).transitions).toBe(takes(layer(MIB)).transitions);
  const large = Array.from({ length: 3 }, () => layer(200 * MIB));
  expect(takes(...large).transitions).toBe(takes().transitions + 2 + 3 * (7 + 3));
  expect(takes(layer(200 * MIB)).transitions).toBe(takes().transitions + 7);
  expect(takes(...large.map((one) => ({ ...one, skipped: true }))).transitions).toBe(takes().transitions);
});

test('what is verified or compressed first takes other states and other seconds', () => {
  const [first, sending] = [takes(layer(MIB, { verify: 'first' })), takes(layer(MIB))];
  expect(first.transitions - sending.transitions).toBe(1);
  expect(first.gbSeconds).toBeGreaterThan(sending.gbSeconds);
  const plain = takes(layer(MIB, { diffId: 'sha256:d', staged: true, verify: 'not' }));
  expect(plain.transitions - sending.transitions).toBe(1);
  expect(plain.gbSeconds).toBeGreaterThan(sending.gbSeconds);
});

test('what is sent while it is compressed takes no states of its own beside its compression', () => {
  const large = layer(200 * MIB, { diffId: 'sha256:d', staged: true, verify: 'not' });
  const [config, early] = [layer(MIB), { ...large, sentEarly: true }];
  expect(takes(config, early).transitions - takes(config).transitions).toBe(1);
  expect(takes(config, large).transitions - takes(config, early).transitions).toBeGreaterThan(6);
});

test.each([1e8, 1e9, 1e10])(
  'the cost of %d bytes is that of the law of the benchmark, within a tenth',
  async (bytes) => {
    const sizes = layerSizes(bytes, 20, 'skewed');
    const law = await pushLaw(sizes, 0.15);
    const planned = takes(...sizes.map((size) => layer(size)));
    expect(planned.transitions).toBe(law.transitions);
    expect(planned.events).toBe(law.events);
    expect(costOf(planned) / costOf(law)).toBeGreaterThan(0.9);
    expect(costOf(planned) / costOf(law)).toBeLessThan(1.1);
  },
);
