import { editDistance, nearNames } from '../../../lambda/upload/near-names';

test.each([
  ['', '', 0],
  ['app', 'app', 0],
  ['', 'app', 3],
  ['app', 'apps', 1],
  ['web', 'wbe', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('the nearest names come first, three at most, and never the name itself', () => {
  const names = ['team-a/web', 'team-a/wep', 'team-a/wbe', 'team-a/weab', 'team-a/xyz', 'other'];
  expect(nearNames('team-a/web', names)).toEqual(['team-a/wbe', 'team-a/weab', 'team-a/wep']);
});

test('the same name in another folder is near', () => {
  expect(nearNames('team-a/payments', ['payments', 'legacy/team-b/payments', 'team-a/mail'])).toEqual([
    'legacy/team-b/payments',
    'payments',
  ]);
});

test('what has nothing to do with it is not near', () => {
  expect(nearNames('app', ['db', 'web', 'a'])).toEqual([]);
});
