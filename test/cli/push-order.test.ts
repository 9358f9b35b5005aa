import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushOrder } from '../../cli/push-order';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-order-'));
  for (const name of ['a.tar', 'b.tar', 'named-like-nothing']) writeFileSync(join(folder, name), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

test.each([
  ['one tarball', () => [at('a.tar')], { tarballs: ['a.tar'] }],
  [
    'a tarball and a destination',
    () => [at('a.tar'), 'team-a/app:1'],
    { tarballs: ['a.tar'], destination: 'team-a/app:1' },
  ],
  ['two files', () => [at('a.tar'), at('named-like-nothing')], { tarballs: ['a.tar', 'named-like-nothing'] }],
  ['a file and one that is missing', () => [at('a.tar'), at('c.tar.gz')], { tarballs: ['a.tar', 'c.tar.gz'] }],
  ['a glob', () => [at('*.tar')], { tarballs: ['a.tar', 'b.tar'] }],
  [
    'an object and a destination',
    () => ['s3://drops/x.tar', 'team-a/app'],
    { tarballs: ['s3://drops/x.tar'], destination: 'team-a/app' },
  ],
  ['standard input', () => ['-', 'team-a/app:2'], { tarballs: ['-'], destination: 'team-a/app:2' }],
])('%s', async (_, args, expected) => {
  const { tarballs, ...rest } = await pushOrder(args());
  expect({ tarballs: tarballs.map((name) => name.replace(`${folder}/`, '')), ...rest }).toEqual(expected);
});

test('a glob that matches nothing, and a destination of several tarballs, are refused', async () => {
  await expect(pushOrder([at('*.oci')])).rejects.toThrow('No file matches');
  await expect(pushOrder([at('*.tar')], 'team-a/app')).rejects.toThrow('2 tarballs cannot go to team-a/app together');
});
