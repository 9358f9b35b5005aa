import type { Drop } from '../../../lambda/contract/drop';
import { dropPrefix, requireAllowed } from '../../../lambda/image/drop-policy';

const DROPS: Drop[] = [
  { prefix: 'team-a', repositories: ['team-a/*'] },
  { prefix: 'team-a/prod/', repositories: ['prod/app'] },
  { prefix: 'team-ab/', repositories: ['team-ab/*', 'shared'] },
  { prefix: 'frozen/', repositories: [] },
];

function isAllowed(key: string, repository: string): boolean {
  try {
    requireAllowed(repository, key, DROPS);
    return true;
  } catch (error) {
    expect((error as Error).name).toBe('DestinationDenied');
    return false;
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
  const row = REPOSITORIES.map((repository) => (isAllowed(key, repository) ? 'x' : '.')).join('');
  expect(row).toBe(allowed);
});

test('the message says what the drop allows', () => {
  expect(() => requireAllowed('other', 'team-ab/1.tar', DROPS)).toThrow(
    'the drop for "team-ab/" allows: team-ab/*, shared',
  );
});

test('the prefix is told as it was given', () => {
  expect(['team-a/1.tar', 'team-a/prod/1.tar', 'x.tar'].map((key) => dropPrefix(key, DROPS))).toEqual([
    'team-a',
    'team-a/prod/',
    undefined,
  ]);
});
