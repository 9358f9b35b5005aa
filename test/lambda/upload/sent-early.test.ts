import { isSentAlone, isSentEarly } from '../../../lambda/upload/sent-early';

const GIB = 1024 ** 3;

test('a layer is sent early where others could not share its invocation, unless all is compared first', () => {
  const large = { asked: 'before', size: 101, largestPacked: 100 } as const;
  expect(isSentEarly(large)).toBe(true);
  expect(isSentEarly({ ...large, size: 100 })).toBe(false);
  expect(isSentEarly({ ...large, asked: 'deep' })).toBe(false);
});

test('it goes to ECR alone where nobody else is known to need its bytes, and they can be made again', () => {
  const layer = { compression: 'gzip', size: 16 * GIB, repositories: 1, isKnown: false } as const;
  expect(isSentAlone(layer)).toBe(true);
  // Another version of the encoder may write other bytes.
  expect(isSentAlone({ ...layer, compression: 'zstd' })).toBe(false);
  // There may be no time for it twice.
  expect(isSentAlone({ ...layer, size: 16 * GIB + 1 })).toBe(false);
  expect(isSentAlone({ ...layer, repositories: 2 })).toBe(false);
  expect(isSentAlone({ ...layer, isKnown: true })).toBe(false);
});
