import { RequestInvalid } from '../../../lambda/contract/errors';
import { asMetadata, withMetadata } from '../../../lambda/image/request-in-metadata';

const source = { bucket: 'drops', key: 'team-a/app/1.tar' };

test('metadata gives each option that the request leaves open', () => {
  const metadata = {
    'slipway-missing': 'only',
    'slipway-platforms': 'linux/amd64, linux/arm64',
    'slipway-layers': ' compress ',
    'slipway-compression': 'zstd',
    'slipway-verify': 'deep',
  };
  expect(withMetadata({ source }, metadata)).toEqual({
    source,
    missing: 'only',
    platforms: ['linux/amd64', 'linux/arm64'],
    layers: 'compress',
    compression: 'zstd',
    verify: 'deep',
  });
});

test('what is written as metadata is read back as the same request', () => {
  const options = { missing: 'only', platforms: ['linux/amd64', 'linux/arm/v7'], registryId: '111122223333' } as const;
  const mutable = { ...options, platforms: [...options.platforms] };
  expect(withMetadata({ source }, asMetadata(mutable))).toEqual({ source, ...options });
});

test('the request comes first, and other metadata is passed over', () => {
  const request = { source, verify: 'by-ecr' as const };
  expect(withMetadata(request, { 'slipway-verify': 'deep', 'slipway-tags': 'a', author: 'me' })).toBe(request);
});

test.each([
  [{ 'slipway-verify': 'never' }, 'slipway-verify'],
  [{ 'slipway-missing': 'only' }, '"platforms" and "missing": "only" go together'],
  [{ 'slipway-missing': 'only', 'slipway-platforms': 'linux' }, 'a platform such as'],
])('%j is refused as RequestInvalid, with what is wrong', (metadata, tells) => {
  const read = () => withMetadata({ source }, metadata as Record<string, string>);
  expect(read).toThrow(RequestInvalid);
  expect(read).toThrow(tells);
});
