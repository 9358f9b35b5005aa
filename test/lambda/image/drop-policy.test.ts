import type { Drop } from '../../../lambda/contract/drop';
import {
  dropPrefix,
  requireAllowed,
  requireDrop,
  requireRegistry,
  settingsFor,
} from '../../../lambda/image/drop-policy';

const DROPS: Drop[] = [
  { prefix: 'team-a', repositories: ['team-a/*'] },
  { prefix: 'team-a/prod/', repositories: ['prod/app'], tags: ['v*', 'latest'] },
  { prefix: 'team-ab/', repositories: ['team-ab/*', 'shared'] },
  { prefix: 'frozen/', repositories: [] },
];

/** What may be pushed by an object under a key: `allowed`, or the name of the error. */
function outcome(key: string, repository: string, tags: string[] = ['1']): string {
  try {
    requireAllowed({ repository, tags }, key, DROPS);
    return 'allowed';
  } catch (error) {
    return (error as Error).name;
  }
}

// Rows: keys. Columns: repositories. x: allowed.
const REPOSITORIES = ['team-a/app', 'team-a/x/y', 'prod/app', 'team-ab/app', 'shared', 'team-a', 'other'];
const MATRIX: readonly [key: string, allowed: string][] = [
  ['team-a/app/1.tar', 'xx.....'],
  ['team-a/1.tar', 'xx.....'],
  ['team-a/prod', 'xx.....'],
  ['team-a/prod/1.tar', '..x....'],
  ['team-a/prod/deep/er/1.tar', '..x....'],
  ['team-a/production/1.tar', 'xx.....'],
  ['team-ab/app/1.tar', '...xx..'],
  ['team-abc/app/1.tar', '.......'],
  ['team-A/app/1.tar', '.......'],
  ['xteam-a/app/1.tar', '.......'],
  ['team-a', '.......'],
  ['app.tar', '.......'],
  ['frozen/app/1.tar', '.......'],
  ['../team-a/app/1.tar', '.......'],
  ['/team-a/app/1.tar', '.......'],
];

test.each(MATRIX)('under %s what may be pushed to is %s', (key, allowed) => {
  const row = REPOSITORIES.map((repository) => (outcome(key, repository, ['v1']) === 'allowed' ? 'x' : '.')).join('');
  expect(row).toBe(allowed);
});

test.each<[string, string[], string]>([
  ['v1', ['v1'], 'allowed'],
  ['v1 and latest', ['v1', 'latest'], 'allowed'],
  ['no tag', [], 'allowed'],
  ['a tag beside them', ['v1', 'dev'], 'DestinationDenied'],
  ['a signature of an image', [`sha256-${'0'.repeat(64)}.sig`], 'allowed'],
  ['what looks like a signature', ['sha256-0.sig'], 'DestinationDenied'],
])('a drop that allows v* and latest: %s', (_, tags, expected) => {
  expect(outcome('team-a/prod/1.tar', 'prod/app', tags)).toBe(expected);
});

test('the message says what the drop allows', () => {
  expect(() => requireAllowed({ repository: 'other', tags: [] }, 'team-ab/1.tar', DROPS)).toThrow(
    'the object "team-ab/1.tar" may not go to repository "other"; expected one that the drop for "team-ab/" allows: ' +
      'team-ab/*, shared.',
  );
});

test('a key under no drop is denied as such', () => {
  expect(() => requireDrop('nobody/1.tar', DROPS)).toThrow('lies under no drop; expected a key under "team-a/" or');
});

test('the prefix is told as it was given', () => {
  expect(['team-a/1.tar', 'team-a/prod/1.tar', 'x.tar'].map((key) => dropPrefix(key, DROPS))).toEqual([
    'team-a',
    'team-a/prod/',
    undefined,
  ]);
});

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ['000000000000', true],
  ['111111111111', true],
  ['222222222222', false],
])('of the own registry and 111111111111, %s may be pushed to: %s', (registryId, may) => {
  const check = () => requireRegistry(registryId, '000000000000', ['111111111111']);
  if (may) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ name: 'WrongRegistry' }));
});

describe('what a missing repository is created with', () => {
  const settings = (team: string) => ({ immutableTags: team === 'a', scanOnPush: team === 'b', tags: { team } });
  const drops: Drop[] = [
    { prefix: '', repositories: ['*'], createRepositories: settings('all') },
    { prefix: 'a', repositories: ['a/*', 'shared'], createRepositories: { ...settings('a'), repositories: ['a/*'] } },
    { prefix: 'a/deep/', repositories: ['*'], createRepositories: settings('deep') },
    { prefix: 'b/', repositories: ['b/*'], createRepositories: { ...settings('b'), kmsKey: 'arn:aws:kms:::key/b' } },
    { prefix: 'c/', repositories: ['c/*'] },
  ];

  test.each([
    ['x/1.tar', 'a/app', 'all'],
    ['a/1.tar', 'a/app', 'a'],
    ['a/1.tar', 'shared', undefined],
    ['a/1.tar', 'b/app', undefined],
    ['a/deep/1.tar', 'shared', 'deep'],
    ['ab/1.tar', 'shared', 'all'],
    ['b/1.tar', 'b/app', 'b'],
    ['c/1.tar', 'c/app', undefined],
  ])('by %s, %s: as the drop %p says', (key, repository, team) => {
    expect(settingsFor(repository, key, drops)?.tags.team).toBe(team);
  });

  test('is all that the drop says, and no more', () => {
    expect(settingsFor('a/app', 'a/1.tar', drops)).toEqual(settings('a'));
    expect(settingsFor('b/app', 'b/1.tar', drops)).toEqual({ ...settings('b'), kmsKey: 'arn:aws:kms:::key/b' });
  });
});
