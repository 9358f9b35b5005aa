import { PushRequest } from '../../../lambda/contract/push-request';

const source = { bucket: 'drop', key: 'app/1.tar' };
const isValid = (more: object) => PushRequest.safeParse({ source, ...more }).success;

test.each([
  {},
  { missing: 'strict' },
  { missing: 'drop', layers: 'preserve' },
  { missing: 'only', platforms: ['linux/amd64', 'linux/arm/v7', 'windows/amd64'] },
  { layers: 'compress' },
  { layers: 'compress', compression: 'zstd' },
  { compression: 'gzip', verify: 'deep' },
])('a request may say %j', (more) => {
  expect(isValid(more)).toBe(true);
});

test.each([
  { missing: 'some' },
  { missing: 'only' },
  { platforms: ['linux/amd64'] },
  { missing: 'drop', platforms: ['linux/amd64'] },
  { missing: 'only', platforms: [] },
  { missing: 'only', platforms: ['amd64'] },
  { layers: 'zip' },
  { compression: 'xz' },
  { layers: 'preserve', compression: 'zstd' },
  { layer: 'compress' },
])('a request may not say %j', (more) => {
  expect(isValid(more)).toBe(false);
});
